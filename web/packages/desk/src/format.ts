// Times and sizes as people read them.

/** Date and time with seconds in the reader's zone, `2026-01-31 09:05:00` in Chinese; a dash when there is none. */
export function formatTime(value: string | undefined, locale: string): string {
  const at = value ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return '–';
  if (locale === 'en') {
    return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
  }
  const pad = (number: number) => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${date} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
}

/** Only the day, `2026-01-31` in Chinese. */
export function formatDate(value: string | undefined, locale: string): string {
  const at = value ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return '–';
  if (locale === 'en') return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(at);
  return formatTime(value, locale).slice(0, 'YYYY-MM-DD'.length);
}

/** Only the time of the day, for entries of one interview. */
export function formatClock(value: string | undefined, locale: string): string {
  const at = value ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return '–';
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' }).format(at);
}

const kUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `12 MiB`: binary units, one decimal below ten. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < kUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${kUnits[unit]}`;
}
