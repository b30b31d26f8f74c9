import { expect, test } from 'vitest';
import { nearestName } from '../../src/options/nearest-name.js';

const KNOWN = ['minWorkers', 'maxWorkers', 'taskTimeout', 'queueTimeout', 'env', 'name', 'retries', 'memory'];

test.each([
  ['maxWorkrs', 'maxWorkers'],
  ['MAXWORKERS', 'maxWorkers'],
  ['maxWokrers', 'maxWorkers'],
  ['memroy', 'memory'],
  ['retry', 'retries'],
  ['max', 'maxWorkers'],
  ['workers', 'minWorkers'],
  ['nmae', 'name'],
  ['evn', 'env'],
  ['', 'env'],
])('the nearest to %o is %o', (name, nearest) => {
  expect(nearestName(name, KNOWN)).toBe(nearest);
});

test('a very long name costs no time', () => {
  expect(KNOWN).toContain(nearestName('x'.repeat(1_000_000), KNOWN));
});

test('there is none among no names', () => {
  expect(nearestName('a', [])).toBeUndefined();
});
