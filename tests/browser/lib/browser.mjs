// Debian's Chromium as the tests use it: real WebRTC over loopback, no traffic of its own.
import { chromium } from '@playwright/test';

const kQuiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-features=Translate,OptimizationHints,MediaRouter'];
const kMedia = ['--allow-loopback-in-peer-connection', '--autoplay-policy=no-user-gesture-required'];
const kFakeDevices = '--use-fake-device-for-media-stream';
const kAllowDevices = '--use-fake-ui-for-media-stream';

/** For browsers that are not started here. */
export const kArguments = [...kQuiet, ...kMedia, kFakeDevices, kAllowDevices];
export const kExecutable = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const kPhone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
export const kDesktop = { viewport: { width: 1280, height: 720 } };

/**
 * One browser process for one person, so that each can be killed alone: `kill` ends it as a crash would.
 * With `askForDevices` a page gets camera and microphone only when its context was given the permission.
 */
export async function launch({ askForDevices = false, args = [] } = {}) {
  const server = await chromium.launchServer({
    executablePath: kExecutable,
    headless: true,
    args: [...kQuiet, ...kMedia, kFakeDevices, ...(askForDevices ? [] : [kAllowDevices]), ...args],
  });
  const browser = await chromium.connect(server.wsEndpoint());
  return { browser, kill: () => server.kill(), close: () => server.close() };
}

/** A person in a browser that others use too: closing them closes their pages only. Nothing moves for show: the frames are the calls'. */
export async function join(shared, options) {
  const context = await shared.browser.newContext({ reducedMotion: 'reduce', ...options });
  return { context, process: { kill: () => shared.kill(), close: () => context.close() } };
}
