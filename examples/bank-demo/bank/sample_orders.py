"""Three loans to begin with. Names and numbers are invented."""


def section(kind, title, **fields):
    return {"kind": kind, "title": title, "fields": [{"label": label, "value": value} for label, value in fields.items()]}


def sample_orders():
    return [
        {
            "number": "LN-2026-000117", "customer": "王小明", "nickName": "wang-xiaoming", "product": "个人住房贷款", "amount": "1,200,000.00",
            "sections": [
                section("order", "订单", 订单号="LN-2026-000117", 申请日期="2026-03-02", 金额="¥1,200,000.00", 期限="240 个月"),
                section("product", "产品", 产品="个人住房贷款", 年利率="3.45%", 还款方式="等额本息"),
                section("borrower", "借款人", 姓名="王小明", 证件号="310101********1234", 手机="138****0001", 月收入="¥32,000.00"),
                section("guarantor", "担保人", 姓名="王大海", 证件号="310101********5678", 关系="父亲"),
            ],
        },
        {
            "number": "LN-2026-000118", "customer": "Chen Li", "nickName": "chen-li", "product": "经营贷款", "amount": "500,000.00",
            "sections": [
                section("order", "订单", 订单号="LN-2026-000118", 申请日期="2026-03-03", 金额="¥500,000.00", 期限="36 个月"),
                section("product", "产品", 产品="经营贷款", 年利率="4.10%", 还款方式="先息后本"),
                section("borrower", "借款人", 姓名="Chen Li", 证件号="440301********2345", 手机="139****0002"),
                section("company", "企业", 名称="晨力贸易有限公司", 统一社会信用代码="91440300********0X", 法定代表人="Chen Li"),
                section("corporate_guarantor", "企业担保", 名称="海岸担保有限公司", 统一社会信用代码="91440300********1Y"),
            ],
        },
        {
            "number": "LN-2026-000119", "customer": "赵敏", "nickName": "zhao-min", "product": "汽车贷款", "amount": "86,000.00",
            "sections": [
                section("order", "订单", 订单号="LN-2026-000119", 申请日期="2026-03-03", 金额="¥86,000.00", 期限="24 个月"),
                section("product", "产品", 产品="汽车贷款", 年利率="3.98%", 还款方式="等额本金"),
                section("borrower", "借款人", 姓名="赵敏", 证件号="320102********3456", 手机="137****0003"),
            ],
        },
    ]
