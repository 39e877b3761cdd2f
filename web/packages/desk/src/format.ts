// Times, durations and sizes as people read them.

/** `3:07`, or `1:02:09` from an hour on. Negative counts as zero. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return '–';
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

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
