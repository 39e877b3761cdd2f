export const afterEn = {
  satisfaction: {
    question: 'How content are you with this interview?',
    words: { 1: 'Very dissatisfied', 2: 'Dissatisfied', 3: 'Neutral', 4: 'Satisfied', 5: 'Very satisfied' },
    comment: 'Anything you want to add (optional)',
    placeholder: 'Please leave out id and card numbers',
    left: '{count} characters left',
    send: 'Send',
    thanks: 'Thank you. You said: {word}.',
  },
};
