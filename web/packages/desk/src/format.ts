// Times and sizes as people read them.

/** Date and time with seconds in the reader's zone; a dash when there is none. */
export function formatTime(value: string | undefined, locale: string): string {
  const at = value ? new Date(value) : undefined;
  if (!at || Number.isNaN(at.getTime())) return '–';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(at);
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
