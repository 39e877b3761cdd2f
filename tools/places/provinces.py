"""China's provinces by GeoNames' numbers, the capitals by which the numbers are checked, and names known by hand."""

PROVINCES = {
    "01": "安徽省", "02": "浙江省", "03": "江西省", "04": "江苏省", "05": "吉林省", "06": "青海省", "07": "福建省",
    "08": "黑龙江省", "09": "河南省", "10": "河北省", "11": "湖南省", "12": "湖北省", "13": "新疆维吾尔自治区",
    "14": "西藏自治区", "15": "甘肃省", "16": "广西壮族自治区", "18": "贵州省", "19": "辽宁省", "20": "内蒙古自治区",
    "21": "宁夏回族自治区", "22": "北京市", "23": "上海市", "24": "山西省", "25": "山东省", "26": "陕西省",
    "28": "天津市", "29": "云南省", "30": "广东省", "31": "海南省", "32": "四川省", "33": "重庆市",
}  # fmt: skip
CAPITALS = {
    "01": "Hefei", "02": "Hangzhou", "03": "Nanchang", "04": "Nanjing", "05": "Changchun", "06": "Xining",
    "07": "Fuzhou", "08": "Harbin", "09": "Zhengzhou", "10": "Shijiazhuang", "11": "Changsha", "12": "Wuhan",
    "13": "Ürümqi", "14": "Lhasa", "15": "Lanzhou", "16": "Nanning", "18": "Guiyang", "19": "Shenyang",
    "20": "Hohhot", "21": "Yinchuan", "22": "Beijing", "23": "Shanghai", "24": "Taiyuan", "25": "Jinan",
    "26": "Xi’an", "28": "Tianjin", "29": "Kunming", "30": "Guangzhou", "31": "Haikou", "32": "Chengdu",
    "33": "Chongqing",
}  # fmt: skip
# Cities whose Chinese name GeoNames' list does not give away, by name and province.
KNOWN_NAMES = {
    ("Ürümqi", "13"): "乌鲁木齐市", ("Korla", "13"): "库尔勒市", ("Ghulja", "13"): "伊宁市", ("Hohhot", "20"): "呼和浩特市",
    ("Xilinhot", "20"): "锡林浩特市", ("Changzhi", "24"): "长治市", ("Changshu", "04"): "常熟市", ("Pizhou", "04"): "邳州市",
    ("Jiaozhou", "25"): "胶州市", ("Shouguang", "25"): "寿光市", ("Gaomi", "25"): "高密市", ("Laixi", "25"): "莱西市",
    ("Anqiu", "25"): "安丘市", ("Wafangdian", "19"): "瓦房店市", ("Bei’an", "08"): "北安市", ("Daye", "12"): "大冶市",
    ("Bao'an", "30"): "宝安区", ("Luohu District", "30"): "罗湖区", ("Chéngguān Qū", "14"): "城关区",
}  # fmt: skip
