// Makes what integrators use: dist/browser, which the server hands out below /sdk/, and dist/package, which with --package has
// its types and its description too and is what is published. `--out` makes both in another folder.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const kHere = path.dirname(fileURLToPath(import.meta.url));
const kRoot = path.resolve(kHere, '../../..');
const { values: kAsked } = parseArgs({ options: { package: { type: 'boolean' }, out: { type: 'string' } } });
const kDist = kAsked.out ? path.resolve(kAsked.out) : path.join(kHere, 'dist');
const kPackage = path.join(kDist, 'package');
const kBrowser = path.join(kDist, 'browser');
/** Those of our own pages: in-app browsers of phones that are some years old. */
const kTarget = ['es2022', 'chrome94', 'safari15.4', 'firefox100'];
const kEntries = ['index', 'media', 'integrator', 'elements'];

const source = (name) => path.join(kHere, 'src', `${name}.ts`);

function bundle(outDir, lib, output = {}) {
  return build({
    configFile: false,
    logLevel: 'warn',
    build: { outDir, emptyOutDir: false, target: kTarget, minify: true, lib, rollupOptions: { output } },
  });
}

/** Types by the compiler; the contract's go along, so that the package stands by itself. */
function declareTypes() {
  const types = path.join(kPackage, 'types');
  const compiler = path.join(kRoot, 'web/node_modules/typescript/bin/tsc');
  const project = path.join(kHere, 'tsconfig.types.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', types], { stdio: 'inherit' });
  for (const file of fs.globSync('**/*.d.ts', { cwd: types })) {
    const full = path.join(types, file);
    const protocol = path.relative(path.dirname(full), path.join(types, 'protocol/src/index.js'));
    const text = fs
      .readFileSync(full, 'utf8')
      .replaceAll(/(from |import\()(['"])(\.[^'"]*)\2/g, '$1$2$3.js$2')
      .replaceAll(/(['"])@telewitness\/protocol\1/g, `'${protocol.startsWith('.') ? protocol : `./${protocol}`}'`);
    fs.writeFileSync(full, text);
  }
}

function describe() {
  const ours = JSON.parse(fs.readFileSync(path.join(kHere, 'package.json'), 'utf8'));
  const entry = (name) => ({ types: `./types/sdk/src/${name}.d.ts`, default: `./${name}.js` });
  const described = {
    name: ours.name,
    version: ours.version,
    license: ours.license,
    description: ours.description,
    type: 'module',
    main: './index.js',
    types: './types/sdk/src/index.d.ts',
    files: ['*.js', 'parts', 'types'],
    sideEffects: ['./elements.js', './telewitness.js'],
    exports: {
      '.': entry('index'),
      ...Object.fromEntries(kEntries.slice(1).map((name) => [`./${name}`, entry(name)])),
      './telewitness.js': './telewitness.js',
      './package.json': './package.json',
    },
    unpkg: './telewitness.js',
  };
  fs.writeFileSync(path.join(kPackage, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  fs.copyFileSync(path.join(kHere, 'README.md'), path.join(kPackage, 'README.md'));
  fs.copyFileSync(path.join(kRoot, 'LICENSE'), path.join(kPackage, 'LICENSE'));
}

for (const folder of [kPackage, kBrowser]) fs.rmSync(folder, { recursive: true, force: true });
await bundle(
  kPackage,
  { entry: Object.fromEntries(kEntries.map((name) => [name, source(name)])), formats: ['es'] },
  { chunkFileNames: 'parts/[name]-[hash].js' },
);
const script = { entry: source('script'), name: 'Telewitness' };
await bundle(kBrowser, { ...script, formats: ['iife'], fileName: () => 'telewitness.js' });
await bundle(kBrowser, { ...script, formats: ['es'], fileName: () => 'telewitness.mjs' });
fs.copyFileSync(path.join(kBrowser, 'telewitness.js'), path.join(kPackage, 'telewitness.js'));
// Our own pages and the server need no types: they are made with the package only.
if (kAsked.package) {
  declareTypes();
  describe();
}
