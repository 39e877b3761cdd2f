// The interview inside the bank's own page. `window.Telewitness` comes from the Telewitness server: /sdk/telewitness.js
const element = document.querySelector('telewitness-customer');
const status = document.querySelector('[data-testid=embedded-status]');

async function begin() {
  // The bank's server asks for the login with its API key; the page gets a token for this order only.
  const login = await fetch(`${location.pathname}/login`, { method: 'POST' }).then((answer) => answer.json());
  // snippet: start
  const client = new Telewitness.TelewitnessClient({ server: login.server, token: login.token });
  await client.login(login.accountId, login.businessId, login.assistId, login.companyName);
  const interview = await client.startInterview({ nickName: login.nickName, queueId: login.queueId });
  element.link = interview.link;
  // snippet: end
}

element.addEventListener('state', (event) => (status.textContent = event.detail.state));
element.addEventListener('ended', async ({ detail }) => {
  status.textContent = `ended: ${detail.endReason}`;
  // What this page was told comes from a browser. The bank's server checks the signature; the outcome comes by webhook.
  const genuine = (await fetch(`/return?${detail.signed}`)).ok;
  if (genuine) status.textContent += ` · ${detail.receiptNumber} ✓`;
});
element.addEventListener('error', (event) => (status.textContent = `error: ${event.detail.code}`));
begin().catch((error) => (status.textContent = `error: ${error.code ?? error.message}`));
