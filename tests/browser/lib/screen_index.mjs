// docs/screens/README.md: every picture that is there, by page, so that nobody has to guess names.
import fs from 'node:fs';
import path from 'node:path';

const kSizes = ['phone', 'landscape', 'tablet', 'desktop', 'wide'];
const kPixels = { phone: '390×844', landscape: '844×390', tablet: '768×1024', desktop: '1280×720', wide: '1920×1080' };
const kName = new RegExp(`^(.+)-(${kSizes.join('|')})-(zh-CN|en)\\.png$`);
const kParts = { customer: "The customer's pages", guest: "The guest's pages", workbench: 'The workbench', console: 'The console', design: 'The design system' };

/** Pages by their names, each with `<size>-<language>` of its pictures. */
export function picturesIn(folder) {
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
    `Made by \`make screenshots\` from the real server and real calls. ${kSizes.map((size) => `${size}: ${kPixels[size]}`).join('; ')}.`,
  ];
  for (const [part, title] of Object.entries(kParts)) {
    lines.push('', `## ${title}`, '', `| page and state | ${kSizes.join(' | ')} |`, `| --- |${' --- |'.repeat(kSizes.length)}`);
    for (const [page, pictures] of pages) {
      if (!page.startsWith(`${part}-`)) continue;
      const cell = (size) => ['zh-CN', 'en'].filter((locale) => pictures.has(`${size}-${locale}`)).map((locale) => `[${locale === 'en' ? 'English' : '中文'}](${page}-${size}-${locale}.png)`).join(' ');
      lines.push(`| ${page.slice(part.length + 1).replaceAll('-', ' ')} | ${kSizes.map(cell).join(' | ')} |`);
    }
  }
  fs.writeFileSync(path.join(folder, 'README.md'), `${lines.join('\n')}\n`);
}
