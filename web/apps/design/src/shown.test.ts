import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const kUi = path.resolve(import.meta.dirname, '../../../packages/ui/src');

it('every component of packages/ui is shown', () => {
  const components = fs.readdirSync(kUi).filter((name) => name.endsWith('.vue'));
  const parts = fs
    .readdirSync(path.join(import.meta.dirname, 'parts'))
    .map((name) => fs.readFileSync(path.join(import.meta.dirname, 'parts', name), 'utf8'))
    .join('\n');
  const shown = [...parts.matchAll(/<ShownComponent\s+name="(\w+)"/g)].map((match) => `${match[1]}.vue`);
  expect(shown.sort()).toEqual(components.sort());
});

it('every token is shown', () => {
  const tokens = fs.readFileSync(path.join(kUi, 'tokens.css'), 'utf8');
  const names = new Set([...tokens.matchAll(/^\s+(--tw-[\w-]+):/gm)].map((match) => match[1]!));
  const shown = fs.readFileSync(path.join(import.meta.dirname, 'tokens.ts'), 'utf8');
  expect([...names].filter((name) => !shown.includes(`'${name}'`))).toEqual([]);
});
