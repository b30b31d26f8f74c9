import { describe, expect, test } from 'vitest';
import type { CoreOptions } from '../../src/core/index.js';
import { Probe } from './probe.js';

function probe(options: Partial<CoreOptions> = {}): Probe {
  return new Probe({ isolateTenants: true, minWorkers: 0, maxWorkers: 2, ...options });
}

/** A pool in which the tenant has had a worker for each of these tasks, and they all run. */
function busyWith(tasks: readonly string[], options: Partial<CoreOptions> = {}): Probe {
  const pool = probe({ minWorkers: tasks.length, maxWorkers: tasks.length, ...options });
  pool.ready(...tasks.map((_, index) => index + 1));
  for (const name of tasks) pool.submit(name, { tenant: name[0] as string });
  expect(pool.did).toHaveLength(2 * tasks.length);
  return pool;
}

describe('a worker', () => {
  test('is bound to the tenant of its first task', () => {
    const pool = probe({ minWorkers: 1, maxWorkers: 1 });
    pool.ready(1);
    pool.submit('a1', { tenant: 'a' });
    pool.submit('b1', { tenant: 'b' });
    pool.submit('a2', { tenant: 'a' });
    pool.reply(1);
    expect(pool.did).toEqual(['start w1', 'a1 to w1', 'a1 succeeded', 'a2 to w1']);
    pool.reply(1);
    expect(pool.did).toEqual(['a2 succeeded', 'w1 asked: replaced']);
    pool.exit(1);
    expect(pool.did).toEqual(['start w2']);
    pool.ready(2);
    expect(pool.did).toEqual(['b1 to w2']);
  });

  test('gets tasks ahead of its replies from its own tenant only', () => {
    const pool = probe({ minWorkers: 2, sendAhead: true });
    pool.ready(1, 2);
    for (const name of ['a1', 'b1', 'a2', 'b2', 'a3', 'b3']) pool.submit(name, { tenant: name[0] as string });
    for (const worker of [1, 2, 1, 2]) {
      pool.now += 0.1;
      pool.reply(worker);
    }
    const sends = pool.did.filter((words) => words.includes(' to '));
    expect(sends.filter((words) => words.endsWith('w2')).map((words) => words[0])).toEqual(['a', 'a', 'a']);
    expect(sends.filter((words) => words.endsWith('w1')).map((words) => words[0])).toEqual(['b', 'b', 'b']);
  });
});

test('a task whose tenant has no worker is in nobody else’s way', () => {
  const pool = busyWith(['a1', 'b1']);
  for (const name of ['c1', 'a2', 'b2']) pool.submit(name, { tenant: name[0] as string });
  pool.reply(2);
  pool.reply(1);
  expect(pool.did).toEqual(['a1 succeeded', 'a2 to w2', 'b1 succeeded', 'b2 to w1']);
});

test('priorities and keys keep their rules within a tenant', () => {
  const pool = busyWith(['a0']);
  pool.submit('a1', { tenant: 'a', key: 'k' });
  pool.submit('a2', { tenant: 'a', key: 'k' });
  pool.submit('a3', { tenant: 'a' });
  pool.submit('a4', { tenant: 'a', priority: 1 });
  for (let i = 0; i < 5; i++) pool.reply(1);
  const order = pool.did.filter((words) => words.includes(' to ')).map((words) => words.slice(0, 2));
  expect(order).toEqual(['a4', 'a1', 'a2', 'a3']);
});

describe('growth', () => {
  test('starts a worker at once for each tenant that has none', () => {
    const pool = probe({ maxWorkers: 4 });
    for (const name of ['a1', 'a2', 'b1', 'c1']) pool.submit(name, { tenant: name[0] as string });
    expect(pool.did).toEqual(['start w1', 'start w2', 'start w3']);
    pool.ready(1, 2, 3);
    expect(pool.did).toEqual(['a1 to w1', 'b1 to w2', 'c1 to w3']);
  });

  test('starts more for a tenant that waits too long, as in a pool without tenants', () => {
    const pool = probe({ maxWorkers: 3 });
    pool.submit('a1', { tenant: 'a' });
    pool.ready(1);
    pool.submit('a2', { tenant: 'a' });
    expect(pool.did).toEqual(['start w1', 'a1 to w1']);
    pool.pass(25);
    expect(pool.did).toEqual(['start w2']);
  });

  test('keeps so many fresh workers as the minimum says beside those that are bound', () => {
    const pool = probe({ minWorkers: 1, maxWorkers: 3 });
    pool.ready(1);
    pool.submit('a1', { tenant: 'a' });
    expect(pool.did).toEqual(['start w1', 'a1 to w1', 'start w2']);
    pool.ready(2);
    pool.submit('b1', { tenant: 'b' });
    expect(pool.did).toEqual(['b1 to w2', 'start w3']);
    pool.ready(3);
    pool.submit('c1', { tenant: 'c' });
    expect(pool.did).toEqual(['c1 to w3']);
  });

  test('an idle pool returns to fresh workers: those of tenants leave when their time is over', () => {
    const pool = probe({ minWorkers: 2, idleTimeout: 50 });
    pool.ready(1, 2);
    pool.submit('a1', { tenant: 'a' });
    pool.reply(2);
    expect(pool.did).toEqual(['start w1', 'start w2', 'a1 to w2', 'a1 succeeded']);
    pool.pass(50);
    expect(pool.did).toEqual(['w2 asked: idle']);
    pool.exit(2);
    pool.ready(3);
    pool.pass(1_000);
    expect(pool.did).toEqual(['start w3']);
    expect(pool.scheduler.workers.idle.map(({ tenant }) => tenant)).toEqual([undefined, undefined]);
  });
});

describe('where every place is taken', () => {
  test('the idle worker of another tenant leaves, the least recently used one first', () => {
    const pool = busyWith(['a1', 'b1', 'c1']);
    for (const worker of [2, 3, 1]) {
      pool.reply(worker);
      pool.now += 10;
    }
    expect(pool.did).toEqual(['b1 succeeded', 'a1 succeeded', 'c1 succeeded']);
    pool.submit('d1', { tenant: 'd' });
    expect(pool.did).toEqual(['w2 asked: replaced']);
    pool.exit(2);
    pool.ready(4);
    expect(pool.did).toEqual(['start w4', 'd1 to w4']);
  });

  test('a busy worker of a tenant that holds several leaves after its task', () => {
    const pool = busyWith(['a1', 'a2', 'b1']);
    for (const name of ['a3', 'a4', 'b2', 'c1']) pool.submit(name, { tenant: name[0] as string });
    pool.reply(1); // the only one of its tenant goes on
    expect(pool.did).toEqual(['b1 succeeded', 'b2 to w1']);
    pool.reply(2);
    expect(pool.did).toEqual(['a2 succeeded', 'w2 asked: replaced']);
    pool.reply(3); // one is enough
    expect(pool.did).toEqual(['a1 succeeded', 'a3 to w3']);
    pool.exit(2);
    pool.ready(4);
    expect(pool.did).toEqual(['start w4', 'c1 to w4']);
  });

  test('tenants take turns where there are more of them than places', () => {
    const pool = probe({ maxWorkers: 1 });
    const tenants = ['a', 'b', 'c'];
    for (const tenant of tenants) for (let i = 0; i < 10; i++) pool.submit(`${tenant}${i}`, { tenant });
    const served: string[] = [];
    for (let worker = 1; worker <= 6; worker++) {
      pool.ready(worker);
      const [only] = pool.scheduler.workers;
      served.push(only?.tenant?.name ?? '');
      while (only?.inFlight.length === 1) {
        pool.now += 300;
        pool.reply(worker);
      }
      pool.exit(worker);
    }
    expect(served).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(pool.scheduler.tally.tasks.succeeded).toBe(6 * 4); // a turn is a second
  });

  test('a tenant with fewer workers and too long a wait gets the places of one that holds two more', () => {
    const pool = busyWith(['a1', 'a2', 'a3', 'b1']);
    for (const name of ['a4', 'a5', 'b2', 'b3']) pool.submit(name, { tenant: name[0] as string });
    pool.reply(4);
    expect(pool.did).toEqual(['a1 succeeded', 'a4 to w4']);
    pool.pass(25);
    pool.reply(4);
    expect(pool.did).toEqual(['a4 succeeded', 'w4 asked: replaced']);
    pool.reply(3);
    expect(pool.did).toEqual(['a2 succeeded', 'a5 to w3']);
    pool.exit(4);
    pool.ready(5);
    expect(pool.did).toEqual(['start w5', 'b2 to w5']);
  });

  test('an idle worker leaves for a tenant that has too few when it has been idle for a turn', () => {
    const pool = busyWith(['a1', 'b1']);
    pool.submit('a2', { tenant: 'a' });
    pool.reply(1);
    expect(pool.did).toEqual(['b1 succeeded']);
    pool.pass(999);
    expect(pool.did).toEqual([]);
    pool.pass(1);
    expect(pool.did).toEqual(['w1 asked: replaced']);
    pool.exit(1);
    pool.ready(3);
    expect(pool.did).toEqual(['start w3', 'a2 to w3']);
  });

  test('nobody leaves for a place that can’t be filled yet', () => {
    const pool = busyWith(['a1', 'a2']);
    pool.exit(1);
    pool.scheduler.workerExited(3, {}, pool.now); // its successor failed to start
    pool.submit('b1', { tenant: 'b' });
    pool.submit('a3', { tenant: 'a' });
    pool.did;
    pool.reply(2);
    expect(pool.did).toEqual(['a1 succeeded', 'a3 to w2']);
  });
});

describe('every wait has one cause', () => {
  test('also that of a task whose tenant has no worker', () => {
    const pool = busyWith(['a1', 'b1']);
    for (const name of ['a2', 'c1', 'c2']) pool.submit(name, { tenant: name[0] as string });
    expect(pool.scheduler.causes()).toEqual({ 'other-tenants': 2, 'pool-at-maximum': 1 });
    pool.scheduler.paused(true, pool.now);
    expect(pool.scheduler.causes()).toEqual({ paused: 3 });
  });

  test('and while its worker starts', () => {
    const pool = probe();
    pool.submit('a1', { tenant: 'a' });
    expect(pool.scheduler.causes()).toEqual({ 'cold-start': 1 });
  });
});

test('what waits is rejected where its tenant has no worker and none can be started; others go on', () => {
  const pool = probe({ maxWorkers: 2 });
  pool.submit('a1', { tenant: 'a' });
  pool.ready(1);
  pool.submit('a2', { tenant: 'a', key: 'k' });
  pool.submit('b1', { tenant: 'b' });
  pool.did;
  for (let id = 2; id <= 4; id++) {
    pool.exit(id);
    pool.pass(1_000);
  }
  expect(pool.did.filter((words) => !words.startsWith('start w'))).toEqual(['b1 start-failed']);
  pool.reply(1);
  expect(pool.did).toEqual(['a1 succeeded', 'a2 to w1']);
});

test('a batch is one tenant’s, and each of its items counts', () => {
  const pool = probe({ maxWorkers: 3 });
  pool.submit('a', { tenant: 'a', batch: [1, 1, 1] });
  pool.ready(1);
  expect(pool.scheduler.causes()).toEqual({ 'workers-busy': 2 });
  pool.submit('b1', { tenant: 'b' });
  expect(pool.did).toEqual(['start w1', 'a0 to w1', 'start w2']);
  pool.pass(25);
  expect(pool.did).toEqual(['start w3']);
  pool.ready(2, 3);
  expect(pool.did).toEqual(['b1 to w2', 'a1 to w3']);
});

test('ten thousand tenants with a few tasks each are served one after the other, and forgotten', () => {
  const pool = probe({ maxWorkers: 4 });
  const count = 10_000;
  for (let i = 0; i < 2 * count; i++) pool.submit(`t${i}`, { tenant: `tenant ${i % count}` });
  for (let settled = 0; settled < 2 * count; ) {
    for (const { id } of [...pool.scheduler.workers.starting]) pool.ready(id);
    for (const { id, inFlight } of [...pool.scheduler.workers.busy]) {
      if (inFlight.length === 0) continue;
      pool.reply(id);
      settled++;
    }
    for (const { id } of [...pool.scheduler.workers.stopping]) pool.exit(id);
  }
  expect(pool.scheduler.tally).toMatchObject({ tasks: { succeeded: 2 * count }, started: count });
  expect(pool.scheduler.tenants?.line.size).toBe(0);
});
