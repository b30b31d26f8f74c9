import { expect, test } from 'vitest';
import { Probe } from './probe.js';

const FULL = { minWorkers: 2, maxWorkers: 2 };

/** A pool whose workers are all warm. */
function warm(options: ConstructorParameters<typeof Probe>[0] & { minWorkers: number }): Probe {
  const pool = new Probe(options);
  pool.ready(...Array.from({ length: options.minWorkers }, (_, index) => index + 1));
  expect(pool.did).toHaveLength(options.minWorkers);
  return pool;
}

test('with a surge, a worker at the maximum stays until its successor is ready, whatever happens meanwhile', () => {
  const pool = warm(FULL);
  pool.scheduler.replaceAll(1, pool.now);
  expect(pool.did).toEqual(['start w3']);
  for (const name of ['a', 'b', 'c']) pool.submit(name);
  expect(pool.did).toEqual(['a to w2', 'b to w1']);
  pool.reply(1);
  expect(pool.did).toEqual(['b succeeded', 'c to w1']);
  pool.ready(3);
  expect(pool.did).toEqual([]); // w1 finishes what it has
  pool.reply(1);
  expect(pool.did).toEqual(['c succeeded', 'w1 asked: replaced']);
  pool.exit(1);
  expect(pool.did).toEqual(['start w4']);
  pool.reply(2);
  expect(pool.did).toEqual(['a succeeded']);
  pool.ready(4);
  expect(pool.did).toEqual(['w2 asked: replaced']);
  pool.exit(2);
  expect(pool.did).toEqual(['replaced']);
});

test('with a larger surge, none leaves before as many are ready', () => {
  const pool = warm(FULL);
  pool.scheduler.replaceAll(2, pool.now);
  expect(pool.did).toEqual(['start w3', 'start w4']);
  pool.ready(3);
  expect(pool.did).toEqual([]);
  pool.ready(4);
  expect(pool.did).toEqual(['w1 asked: replaced', 'w2 asked: replaced']);
});

test('without one, a worker at the maximum leaves first, and the next not before its successor is ready', () => {
  const pool = warm(FULL);
  pool.scheduler.replaceAll(0, pool.now);
  expect(pool.did).toEqual(['w1 asked: replaced']);
  pool.exit(1);
  expect(pool.did).toEqual(['start w3']);
  pool.submit('a');
  expect(pool.did).toEqual(['a to w2']);
  pool.ready(3);
  pool.reply(2);
  expect(pool.did).toEqual(['a succeeded', 'w2 asked: replaced']);
});

test('a worker whose lifetime is over stays until its successor is ready, also where that takes the last place', () => {
  const pool = warm({ minWorkers: 1, maxWorkers: 2, maxWorkerLifetime: 1_000 });
  pool.pass(1_000);
  expect(pool.did).toEqual(['start w2']);
  pool.submit('a');
  pool.reply(1);
  expect(pool.did).toEqual(['a to w1', 'a succeeded']);
  pool.ready(2);
  expect(pool.did).toEqual(['w1 asked: max-lifetime']);
});

test('a successor that fails keeps the worker from leaving no longer than the next one needs', () => {
  const pool = warm(FULL);
  pool.scheduler.replaceAll(1, pool.now);
  pool.exit(3);
  expect(pool.did).toEqual(['start w3']);
  pool.pass(1_000);
  expect(pool.did).toEqual(['start w4']);
  pool.ready(4);
  expect(pool.did).toEqual(['w1 asked: replaced']);
});
