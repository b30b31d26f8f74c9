import { expect, test } from 'vitest';
import { median, percentile } from '../src/statistics.js';

test('the median is the middle value, whatever the order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([10, 9])).toBe(10);
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, index) => 99 - index);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile([7], 0.5)).toBe(7);
});

test('nothing measured is an error, not a zero', () => {
  expect(() => median([])).toThrow(RangeError);
});
