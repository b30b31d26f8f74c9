import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bandwidthOf, LEAST_CPU_RATE } from '../../../src/control-groups/cpu-bandwidth.js';

it('a rate becomes a quota that the kernel takes and that is within 1 % of it', () => {
  fc.assert(
    fc.property(fc.double({ min: LEAST_CPU_RATE, max: 1_024, noNaN: true }), (rate) => {
      const { quota, period } = bandwidthOf(rate);
      expect(Number.isInteger(quota) && Number.isInteger(period)).toBe(true);
      expect(quota).toBeGreaterThanOrEqual(1_000);
      expect(period).toBeLessThanOrEqual(1_000_000);
      expect(Math.abs(quota / period - rate) / rate).toBeLessThan(0.01);
    }),
  );
});

it('a usual rate has the kernel’s usual period', () => {
  expect([0.2, 3, 0.01].map(bandwidthOf)).toEqual([
    { quota: 20_000, period: 100_000 },
    { quota: 300_000, period: 100_000 },
    { quota: 1_000, period: 100_000 },
  ]);
  expect(bandwidthOf(0.001)).toEqual({ quota: 1_000, period: 1_000_000 });
});
