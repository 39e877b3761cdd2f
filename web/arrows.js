// Which workspace may import which: protocol <- client <- ui <- desk <- records <- apps. Nothing points upwards.
export const kTiers = ['protocol', 'client', 'ui', 'desk', 'records', 'apps'];

/** Folder of each package that others may import. */
export const kFolders = { protocol: 'protocol', client: 'sdk', ui: 'ui', desk: 'desk', records: 'records' };

const kWayOut = {
  group: ['**/packages/*', '**/packages/**', '**/apps/*', '**/apps/**'],
  message: 'Import a package by its name.',
};

/** The ESLint rule for the files of one tier. */
export function importRule(tier) {
  const allowed = kTiers.slice(0, kTiers.indexOf(tier));
  const forbidden = [...kTiers, 'customer-app', 'workbench-app', 'console-app', 'design-app'].filter(
    (name) => !allowed.includes(name),
  );
  const patterns = [
    kWayOut,
    {
      group: forbidden.flatMap((name) => [`@telewitness/${name}`, `@telewitness/${name}/**`]),
      message: `${tier} may import only ${allowed.join(', ') || 'nothing of ours'}.`,
    },
  ];
  if (tier === 'protocol' || tier === 'client') {
    patterns.push({
      group: ['vue', 'vue-*', 'vant', 'vant/**', 'element-plus', 'element-plus/**', 'pinia'],
      message: 'Free of frameworks.',
    });
  }
  return { 'no-restricted-imports': ['error', { patterns }] };
}
