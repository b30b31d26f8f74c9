import { UsageError } from './usage-error.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** "500ms", "30s", "1.5m" in milliseconds. */
export function parseDuration(text: string, flag: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const duration = Number(number) * (UNITS[unit ?? ''] ?? Number.NaN);
  if (duration > 0 && duration < Infinity) return duration;
  throw new UsageError(`${flag} should be a duration like 500ms, 30s or 5m, got '${text}'`);
}
