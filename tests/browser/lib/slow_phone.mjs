// A phone of some years ago on a weak mobile network, and what a page costs on it.

export const kSlowPhone = { cpuSlowdown: 4, roundTripMs: 150, downBps: 1_600_000, upBps: 750_000 };

/** Throttles a page (Chromium's own throttling, as its developer tools do it); resolves with a counter of what comes. */
export async function throttle(page) {
  const session = await page.context().newCDPSession(page);
  const loads = new Map();
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) => loads.set(requestId, { url: request.url, bytes: 0 }));
  // Headers and the compressed body, as it came over the wire.
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (loads.has(requestId)) loads.get(requestId).bytes = encodedDataLength;
  });
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', {
    offline: false, latency: kSlowPhone.roundTripMs, downloadThroughput: kSlowPhone.downBps / 8, uploadThroughput: kSlowPhone.upBps / 8,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: kSlowPhone.cpuSlowdown });
  return () => [...loads.values()].filter(({ url }) => url.startsWith('https:'));
}

/** In the page, from its first moment: when `selector` was first drawn and could be pressed, in milliseconds since the navigation began. */
export async function watchUsable(page, selector) {
  await page.addInitScript((wanted) => {
    const look = () => {
      const element = document.querySelector(wanted);
      if (!element || element.disabled || element.getBoundingClientRect().height === 0) return requestAnimationFrame(look);
      // After the frame in which it is there has been drawn, and what waits on the main thread has run.
      requestAnimationFrame(() => setTimeout(() => (window.__usableMs = performance.now())));
    };
    requestAnimationFrame(look);
  }, selector);
  return () => page.waitForFunction(() => window.__usableMs).then((handle) => handle.jsonValue());
}
