// Photographs the pages that people see when something is not as it should be before the call.
import { launch } from './browser.mjs';
import { CustomerPage } from './customer_page.mjs';
import { createInterview } from './whole_interview.mjs';

const kWechat = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49';
const kEverything = ['geolocation', 'camera', 'microphone'];

/** A browser that asks for its devices, so that they can be refused. */
export async function photographBefore({ stage, shoot, locale, size, order }) {
  const shared = await launch({ askForDevices: true });
  const tag = `${size.name}-${locale}`;
  const enter = async (options, prepare) => {
    const created = await createInterview(stage.integrator, order);
    const customer = await CustomerPage.open({ shared, drawn: false, locale, permissions: kEverything, ...options, screen: { ...size.screen, ...options.screen } });
    if (prepare) await customer.context.addInitScript(prepare);
    await customer.enter(created.customerLink.url);
    return customer;
  };
  const leave = async (customer) => {
    await customer.leave();
    await customer.close();
  };

  const inApp = await enter({ screen: size.name === 'phone' ? { userAgent: kWechat } : {} },
    "Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined });");
  await inApp.button('browser-page').waitFor();
  await shoot(inApp.page, `customer-elsewhere-${tag}`);
  await inApp.close();

  for (const [name, trouble, message] of [['refused', 'NotAllowedError', 'Permission denied'], ['missing', 'NotFoundError', ''], ['busy', 'NotReadableError', '']]) {
    const customer = await enter({ permissions: [] }, `
      MediaDevices.prototype.getUserMedia = () => Promise.reject(new DOMException('${message}', '${trouble}'));
      MediaDevices.prototype.enumerateDevices = async () => [];`);
    await customer.consent();
    await customer.button('trouble-page').waitFor();
    await shoot(customer.page, `customer-${name}-${tag}`);
    await leave(customer);
  }

  const nowhere = await enter({ permissions: ['camera', 'microphone'] });
  await nowhere.consent();
  await nowhere.checkDevices();
  await nowhere.givePlace();
  await nowhere.button('place-trouble').locator('h1').waitFor();
  await shoot(nowhere.page, `customer-place-refused-${tag}`);
  await leave(nowhere);

  const weak = await enter({}, undefined);
  await weak.page.route('**/customer/network-check*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 450));
    await route.fulfill({ status: 200, body: '' });
  });
  await weak.consent();
  await weak.page.locator('[data-testid="network-check"][data-level="poor"], [data-testid="network-check"][data-level="fair"]').waitFor({ timeout: 20_000 });
  await weak.button('speaker-play').click();
  await weak.button('speaker-no').click();
  await shoot(weak.page, `customer-weak-network-${tag}`);
  await weak.page.unroute('**/customer/network-check*');
  await weak.checkDevices();
  await weak.givePlace();
  await weak.button('queue-page').waitFor();
  await weak.page.evaluate(() => {
    Object.defineProperty(Document.prototype, 'visibilityState', { configurable: true, get: () => 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await weak.button('still-there').waitFor({ timeout: 20_000 });
  await shoot(weak.page, `customer-still-there-${tag}`);
  await leave(weak);
  await shared.close();
}
