"""The pages' words, Chinese first."""

ZH = {
    "title": "演示银行 · 订单", "order": "订单", "customer": "客户", "product": "产品", "amount": "金额", "interview": "面签", "outcome": "结果",
    "start": "发起面签", "embedded": "在本页面签", "again": "再次面签", "customer-link": "打开客户链接", "agent-link": "以坐席身份进入", "back": "返回订单列表",
    "agent-hint": "链接一次有效。先让坐席在线,再打开客户链接。", "link": "发给客户的链接", "place": "位置", "wait": "等待", "duration": "时长",
    "photos": "照片", "receipt": "回执编号", "satisfaction": "客户评价", "reason": "理由", "agent": "坐席", "recording": "录像", "recording-ready": "已生成", "end": "结束方式", "none": "尚未面签",
    "not-set-up": "尚未连接面签服务。运行 make run,或 run.py set-up。", "unknown": "没有这个订单。", "not-genuine": "返回地址的签名不正确,已忽略。",
    "returned": "您的面签已结束,谢谢。", "returned-text": "回执编号：{receipt}。结果会出现在订单列表中。", "failed": "面签服务没有接受请求", "closed": "该订单已办结。",
    "status-created": "等待客户", "status-entered": "客户已进入", "status-queued": "排队中", "status-ringing": "正在接通", "status-talking": "通话中",
    "status-ended": "已结束", "outcome-passed": "通过", "outcome-rejected": "拒绝", "outcome-needs_supplement": "待补充", "outcome-": "—",
}
EN = {
    "title": "Demo bank · Orders", "order": "Order", "customer": "Customer", "product": "Product", "amount": "Amount", "interview": "Interview",
    "outcome": "Outcome", "start": "Start interview", "embedded": "Interview in this page", "again": "Interview again", "customer-link": "Open the customer's link",
    "agent-link": "Enter as the agent", "back": "Back to the orders",
    "agent-hint": "The link is good once. Have the agent online first, then open the customer's link.", "link": "Link for the customer",
    "place": "Place", "wait": "Waited", "duration": "Lasted", "photos": "Photos", "receipt": "Receipt number", "satisfaction": "Customer said", "reason": "Reason", "agent": "Agent", "recording": "Recording",
    "recording-ready": "ready", "end": "Ended", "none": "No interview yet",
    "not-set-up": "Not connected to an interview server yet. Run make run, or run.py set-up.", "unknown": "There is no such order.",
    "not-genuine": "The signature of the return address is wrong; it was ignored.", "returned": "Your interview is over. Thank you.",
    "returned-text": "Receipt number: {receipt}. The outcome appears in the order list.", "failed": "The interview server did not accept it",
    "closed": "This order is closed.", "status-created": "Waiting for the customer", "status-entered": "Customer entered",
    "status-queued": "In the queue", "status-ringing": "Ringing", "status-talking": "Talking", "status-ended": "Ended",
    "outcome-passed": "Passed", "outcome-rejected": "Rejected", "outcome-needs_supplement": "Needs supplement", "outcome-": "—",
}


def words_for(accept_language):
    """English for a browser that names it before Chinese, else Chinese."""
    english, chinese = accept_language.lower().find("en"), accept_language.lower().find("zh")
    return EN if english >= 0 and (chinese < 0 or english < chinese) else ZH
