// The client as an integrator gets it: the package is made and packed, installed into a project that has nothing else, and used there.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { launch } from '../lib/browser.mjs';

const kWeb = fileURLToPath(new URL('../../../web', import.meta.url));
const kTypeScript = path.join(kWeb, 'node_modules/typescript/bin/tsc');
const kEntries = ['', '/media', '/integrator', '/elements'];
const kShop = 'https://shop.example';
/** Wrong uses are part of it: types that say "any" would let them pass. */
const kConsumer = `
import { CustomerSession, ProblemError, type CustomerState } from '@telewitness/client';
import { Call, type CallState } from '@telewitness/client/media';
import { HeadlessInterview, NoStillError, TelewitnessClient, type ExitResult } from '@telewitness/client/integrator';
import { TelewitnessCustomerElement } from '@telewitness/client/elements';

export async function interview(client: TelewitnessClient, element: TelewitnessCustomerElement): Promise<ExitResult> {
  const started = await client.startInterview({ nickName: 'wang-01', queueId: 'que_1' });
  element.link = started.link;
  const talk: HeadlessInterview = await started.enter();
  talk.on('state', (state: CustomerState) => console.log(state.status));
  talk.on('call', (state: CallState) => console.log(state));
  talk.on('photoRequested', ({ photoId, category, until }) => console.log(photoId.length, category, until));
  const sent: boolean = await talk.photos.answer({ review: (jpeg) => jpeg.size > 0 });
  if (!sent) await talk.photos.refuse('no_camera');
  // @ts-expect-error not one of the reasons
  await talk.photos.refuse('because');
  // @ts-expect-error no such event
  talk.on('photo', () => {});
  // @ts-expect-error who is it?
  await client.startInterview({ queueId: 'que_1' });
  return talk.exited;
}
export const tell = (error: unknown): string =>
  error instanceof ProblemError ? error.code : error instanceof NoStillError ? 'no picture' : 'unknown';
export const session: typeof CustomerSession = CustomerSession;
export const call: typeof Call = Call;
`;

let folder;
let project;
let installed;

const npm = (...args) =>
  execFileSync('npm', ['--offline', '--no-audit', '--no-fund', '--loglevel=error', ...args], {
    cwd: args.includes('package') ? kWeb : project,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${path.join(kWeb, '../.env/node/bin')}:${process.env.PATH}` },
  });

test.beforeAll(() => {
  test.setTimeout(300_000);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'telewitness-client-'));
  project = path.join(folder, 'project');
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  npm('run', 'package', '-w', '@telewitness/client', '--', '--out', path.join(folder, 'made'));
  npm('pack', path.join(folder, 'made/package'), '--pack-destination', folder);
  const tarballs = fs.readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  expect(tarballs).toEqual(['telewitness-client-0.1.0.tgz']);
  npm('install', path.join(folder, tarballs[0]));
  installed = path.join(project, 'node_modules/@telewitness/client');
});
test.afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What each entry exports, as Node imports it in the project. */
function exportsInNode() {
  const script = `
    const names = {};
    for (const entry of ${JSON.stringify(kEntries)}) names[entry] = Object.keys(await import('@telewitness/client' + entry));
    console.log(JSON.stringify(names));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' }));
}

test('it carries its licence and its words, needs nothing else, and only what is meant to be read', () => {
  const described = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'));
  expect(described).toMatchObject({ name: '@telewitness/client', license: 'Apache-2.0', type: 'module' });
  for (const absent of ['private', 'dependencies', 'scripts', 'workspaces']) expect(described).not.toHaveProperty(absent);
  expect(fs.readFileSync(path.join(installed, 'LICENSE'), 'utf8')).toContain('Apache License');
  expect(fs.readFileSync(path.join(installed, 'README.md'), 'utf8')).toContain('startInterview');
  expect(fs.readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@telewitness']);
  const files = fs.readdirSync(installed, { recursive: true }).map(String);
  expect(files.filter((name) => /\.(ts|map)$/.test(name) && !name.endsWith('.d.ts'))).toEqual([]);
  expect(files.filter((name) => name.includes('test'))).toEqual([]);
  for (const target of Object.values(described.exports).flatMap((each) => (typeof each === 'string' ? [each] : Object.values(each))))
    expect(files).toContain(target.replace('./', ''));
});

test('Node imports each entry, and nothing that is not meant to be', () => {
  const names = exportsInNode();
  expect(names['']).toEqual(expect.arrayContaining(['CustomerSession', 'AgentSession', 'ProblemError', 'takeStill']));
  expect(names['/media']).toEqual(expect.arrayContaining(['Call', 'WhipPublisher', 'WhepViewer']));
  expect(names['/integrator']).toEqual(expect.arrayContaining(['TelewitnessClient', 'HeadlessInterview', 'NoStillError', 'openWitnessVideo']));
  expect(names['/elements']).toEqual(expect.arrayContaining(['defineElements', 'TelewitnessCustomerElement']));
  const hidden = "await import('@telewitness/client/parts/x.js').then(() => process.exit(1), (e) => console.log(e.code))";
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', hidden], { cwd: project, encoding: 'utf8' }).trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

for (const [resolution, module] of [['bundler', 'esnext'], ['nodenext', 'nodenext']]) {
  test(`its types hold by themselves, resolved as ${resolution}`, () => {
    fs.writeFileSync(path.join(project, 'consumer.ts'), kConsumer);
    const options = { target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], module, moduleResolution: resolution, strict: true, noEmit: true, types: [] };
    fs.writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, skipLibCheck: false }, files: ['consumer.ts'] }));
    let said = '';
    try {
      execFileSync(process.execPath, [kTypeScript, '-p', project], { encoding: 'utf8' });
    } catch (error) {
      said = String(error.stdout);
    }
    expect(said).toBe('');
  });
}

test('a bundler keeps the elements where they are wanted, and leaves them out where they are not', async () => {
  const { build } = await import(pathToFileURL(path.join(kWeb, 'node_modules/vite/dist/node/index.js')).href);
  const bundled = async (source) => {
    const entry = path.join(project, 'entry.js');
    fs.writeFileSync(entry, source);
    const lib = { entry, formats: ['es'], fileName: 'out' };
    const [{ output }] = await build({ configFile: false, root: project, logLevel: 'silent', build: { write: false, lib } });
    return output.map((chunk) => chunk.code ?? '').join('');
  };
  expect(await bundled("import '@telewitness/client/elements';")).toContain('telewitness-customer');
  const small = await bundled("import { ProblemError } from '@telewitness/client'; export const is = (e) => e instanceof ProblemError;");
  expect(small).not.toContain('telewitness-customer');
  expect(small.length).toBeLessThan(20_000);
});

test('a page loads the one file, or the modules, and has everything and both elements', async () => {
  const shared = await launch();
  try {
    const page = await (await shared.browser.newContext()).newPage();
    const failures = [];
    page.on('pageerror', (error) => failures.push(String(error)));
    await page.route(`${kShop}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>shop</title>' });
      return route.fulfill({ path: path.join(installed, pathname), contentType: 'text/javascript' });
    });
    const elements = () => page.evaluate(() => ['customer', 'agent'].map((who) => typeof customElements.get(`telewitness-${who}`)));
    await page.goto(kShop);
    await page.addScriptTag({ url: `${kShop}/telewitness.js` });
    const inScript = await page.evaluate(() => Object.keys(globalThis.Telewitness));
    expect(inScript).toEqual(expect.arrayContaining([...new Set(Object.values(exportsInNode()).flat())]));
    expect(await elements()).toEqual(['function', 'function']);
    await page.goto(kShop);
    const refused = await page.evaluate(async (shop) => {
      const { TelewitnessClient } = await import(`${shop}/integrator.js`);
      const { ProblemError } = await import(`${shop}/index.js`);
      await import(`${shop}/elements.js`);
      const fetch = async () => new Response('{"code":"login_token.used"}', { status: 401, headers: { 'content-type': 'application/problem+json' } });
      const error = await new TelewitnessClient({ server: shop, token: 't', fetch }).login('a', 'b', '', 'c').catch((failure) => failure);
      return [error instanceof ProblemError, error.code];
    }, kShop);
    expect(refused).toEqual([true, 'login_token.used']);
    expect(await elements()).toEqual(['function', 'function']);
    expect(failures).toEqual([]);
  } finally {
    await shared.close();
  }
});
