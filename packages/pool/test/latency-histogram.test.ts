import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyHistogram } from '../src/latency-histogram.js';

test('a percentile is off by less than one percent, and the maximum is exact', () => {
  const values = fc.array(fc.oneof(fc.nat(300), fc.nat(50_000), fc.nat(2 ** 31 - 1)), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (microseconds, share) => {
      const histogram = new LatencyHistogram();
      for (const value of microseconds) histogram.record(value);
      const sorted = [...microseconds].sort((a, b) => a - b);
      const exact = sorted[Math.ceil(sorted.length * share) - 1] as number;
      expect(histogram.percentile(share)).toBeGreaterThanOrEqual(exact);
      expect(histogram.percentile(share)).toBeLessThanOrEqual(exact * 1.01);
      expect(histogram.percentile(1)).toBe(sorted.at(-1));
      expect(histogram.max).toBe(sorted.at(-1));
    }),
  );
});

test('two of them add up', () => {
  const [one, other] = [new LatencyHistogram(), new LatencyHistogram()];
  for (let i = 0; i < 100; i++) (i % 2 === 0 ? one : other).record(i);
  one.add(other);
  expect([one.count, one.percentile(0.5), one.percentile(0.99), one.max]).toEqual([100, 49, 98, 99]);
});

test('what nobody recorded is 0, what takes for ever is counted', () => {
  const histogram = new LatencyHistogram();
  expect([histogram.percentile(0.5), histogram.max]).toEqual([0, 0]);
  histogram.record(1e12);
  expect([histogram.count, histogram.max]).toEqual([1, 1e12]);
});
