const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `9882` as `9,882`. */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

/** A number of bytes with its decimal unit: `1.3 GB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : WHOLE.format(value)} ${UNITS[power]}`;
}

/** Milliseconds as `340 ms` or `2.4 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Tasks a second: `21.3` when there are few, `2,431` when there are many. */
export function formatRate(count: number, ms: number): string {
  if (ms <= 0) return '0';
  const rate = (count * 1000) / ms;
  return rate < 100 ? rate.toFixed(1) : WHOLE.format(rate);
}

/** `1 worker`, `2 workers`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The end of a path that fits: `…/lib/typescript.js`. */
export function shortenPath(path: string, width: number): string {
  return path.length <= width ? path : `…${path.slice(path.length - width + 1)}`;
}
