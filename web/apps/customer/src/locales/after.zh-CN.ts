export const afterZhCN = {
  satisfaction: {
    question: '您对这次面签满意吗？',
    words: { 1: '很不满意', 2: '不满意', 3: '一般', 4: '满意', 5: '很满意' },
    comment: '想说的话（选填）',
    placeholder: '请不要填写证件号、卡号等信息',
    left: '还可输入 {count} 字',
    send: '提交评价',
    thanks: '感谢您的评价：{word}。',
  },
};
