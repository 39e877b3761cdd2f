// docs/screens/README.md: every picture that is there, by page, so that nobody has to guess names.
import fs from 'node:fs';
import path from 'node:path';

/** Every size, by its name. */
export const kSizes = {
  phone: { width: 390, height: 844 },
  landscape: { width: 844, height: 390 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 720 },
  wide: { width: 1920, height: 1080 },
};
const kNames = Object.keys(kSizes);
const kName = new RegExp(`^(.+)-(${kNames.join('|')})-(zh-CN|en)\\.png$`);
const kParts = { customer: "The customer's pages", guest: "The guest's pages", workbench: 'The workbench', console: 'The console', design: 'The design system' };

/** Pages by their names, each with `<size>-<language>` of its pictures. */
function picturesIn(folder) {
  const pages = new Map();
  for (const file of fs.readdirSync(folder).sort()) {
    const [, page, size, locale] = kName.exec(file) ?? [];
    if (!page) continue;
    if (!pages.has(page)) pages.set(page, new Set());
    pages.get(page).add(`${size}-${locale}`);
  }
  return pages;
}

export function writeIndex(folder) {
  const pages = picturesIn(folder);
  const lines = [
    '# Pictures of every page',
    '',
    `Made by \`make screenshots\` from the real server and real calls. ${kNames.map((name) => `${name}: ${kSizes[name].width}×${kSizes[name].height}`).join('; ')}.`,
  ];
  for (const [part, title] of Object.entries(kParts)) {
    lines.push('', `## ${title}`, '', `| page and state | ${kNames.join(' | ')} |`, `| --- |${' --- |'.repeat(kNames.length)}`);
    for (const [page, pictures] of pages) {
      if (!page.startsWith(`${part}-`)) continue;
      const cell = (size) => ['zh-CN', 'en'].filter((locale) => pictures.has(`${size}-${locale}`)).map((locale) => `[${locale === 'en' ? 'English' : '中文'}](${page}-${size}-${locale}.png)`).join(' ');
      lines.push(`| ${page.slice(part.length + 1).replaceAll('-', ' ')} | ${kNames.map(cell).join(' | ')} |`);
    }
  }
  fs.writeFileSync(path.join(folder, 'README.md'), `${lines.join('\n')}\n`);
}
