// A page of an integrator on an origin of its own, with one of our elements in it.

/** Puts it at `path` of the receiver: on its origin, and on 127.0.0.1, which is another one. */
export function publishHostPage(stage, path, element, attributes = {}) {
  const written = Object.entries({ account: stage.demo.account, ...attributes }).map(([name, value]) => `${name}="${value}"`).join(' ');
  const html = `<!doctype html><meta charset="utf-8"><title>Host</title><h1>The bank's page</h1>
<script src="${stage.server.origin}/sdk/telewitness.js"></script>
<${element} id="it" style="height: 640px" ${written}></${element}>
<script>
  window.told = [];
  const it = document.getElementById('it');
  for (const name of ['ready', 'state', 'ended', 'error']) it.addEventListener(name, (event) => told.push([name, event.detail]));
  it.link = decodeURIComponent(location.hash.slice(1));
</script>`;
  stage.receiver.published.set(path, { type: 'text/html; charset=utf-8', bytes: Buffer.from(html) });
  return {
    allowed: (link) => `${stage.receiver.origin}${path}#${encodeURIComponent(link)}`,
    other: (link) => `https://127.0.0.1:${stage.receiver.port}${path}#${encodeURIComponent(link)}`,
  };
}
