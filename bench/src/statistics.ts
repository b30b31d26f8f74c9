/** The middle one; of an even number the upper. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which the `share` (0 to 1) of all lies. Throws a RangeError where there is none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new RangeError('no values: nothing was measured');
  return found;
}
