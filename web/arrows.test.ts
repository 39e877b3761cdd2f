// @vitest-environment node
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint({ cwd: import.meta.dirname });

async function complaints(filePath: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import * as x from '${imported}';\nexport const y = x;\n`, { filePath });
  return result!.messages
    .filter((message) => message.ruleId === 'no-restricted-imports')
    .map((message) => message.message);
}

describe('imports run one way', () => {
  it.each([
    ['packages/protocol/src/a.ts', '@telewitness/client'],
    ['packages/sdk/src/a.ts', '@telewitness/ui'],
    ['packages/sdk/src/a.ts', 'vue'],
    ['packages/ui/src/a.ts', '@telewitness/desk'],
    ['packages/desk/src/a.ts', '@telewitness/records'],
    ['packages/records/src/a.ts', '@telewitness/customer-app'],
    ['apps/customer/src/a.ts', '@telewitness/workbench-app'],
    ['apps/customer/src/a.ts', '../../../packages/sdk/src/http'],
  ])('%s may not import %s', async (file, imported) => {
    expect(await complaints(file, imported)).toHaveLength(1);
  });

  it.each([
    ['packages/sdk/src/a.ts', '@telewitness/protocol'],
    ['packages/ui/src/a.ts', '@telewitness/client'],
    ['packages/records/src/a.ts', '@telewitness/desk'],
    ['apps/console/src/a.ts', '@telewitness/records'],
    ['apps/customer/src/a.ts', '@telewitness/client/media'],
  ])('%s may import %s', async (file, imported) => {
    expect(await complaints(file, imported)).toEqual([]);
  });
});
