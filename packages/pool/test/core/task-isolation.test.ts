import { expect, test } from 'vitest';
import { Probe } from './probe.js';

function probe(sizes: { minWorkers: number; maxWorkers: number }): Probe {
  return new Probe({ ...sizes, maxTasksPerWorker: 1 });
}

test('the successor of a worker is started in the event that gives it its only task', () => {
  const pool = probe({ minWorkers: 1, maxWorkers: 3 });
  pool.ready(1);
  expect(pool.did).toEqual(['start w1']);
  pool.submit('a');
  expect(pool.did).toEqual(['a to w1', 'start w2']);
});

test('in a steady flow each task finds a warm worker, and none serves two', () => {
  const pool = probe({ minWorkers: 1, maxWorkers: 3 });
  pool.ready(1);
  expect(pool.did).toEqual(['start w1']);
  for (let id = 1; id <= 100; id++) {
    pool.submit(`t${id}`);
    expect(pool.did).toEqual([`t${id} to w${id}`, `start w${id + 1}`]);
    pool.ready(id + 1);
    pool.reply(id);
    expect(pool.did).toEqual([`t${id} succeeded`, `w${id} asked: max-tasks`]);
    pool.exit(id);
    expect(pool.scheduler.workers).toMatchObject({ total: 1, idle: [{ id: id + 1, tasksDone: 0 }] });
  }
  expect(pool.scheduler.tally).toMatchObject({ started: 101, crashes: 0, retired: { 'max-tasks': 100 } });
});

test('a burst starts as many workers as tasks wait, at once and up to the maximum', () => {
  const pool = probe({ minWorkers: 1, maxWorkers: 4 });
  pool.ready(1);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) pool.submit(name);
  expect(pool.did).toEqual(['start w1', 'a to w1', 'start w2', 'start w3', 'start w4']);
  pool.ready(2, 3, 4);
  expect(pool.did).toEqual(['b to w2', 'c to w3', 'd to w4']);
});

test('at the maximum a successor is started in the event in which a worker has gone', () => {
  const pool = probe({ minWorkers: 2, maxWorkers: 2 });
  pool.ready(1, 2);
  for (const name of ['a', 'b', 'c']) pool.submit(name);
  pool.reply(1);
  expect(pool.did.slice(-2)).toEqual(['b succeeded', 'w1 asked: max-tasks']);
  pool.exit(1);
  expect(pool.did).toEqual(['start w3']);
  pool.ready(3);
  expect(pool.did).toEqual(['c to w3']);
});

test('when all is done, fresh workers stand ready: as many as the minimum says', () => {
  const pool = probe({ minWorkers: 2, maxWorkers: 4 });
  pool.ready(1, 2);
  for (const name of ['a', 'b']) pool.submit(name);
  expect(pool.did).toEqual(['start w1', 'start w2', 'a to w2', 'start w3', 'b to w1', 'start w4']);
  pool.ready(3, 4);
  for (const id of [1, 2]) {
    pool.reply(id);
    pool.exit(id);
  }
  const { idle, total } = pool.scheduler.workers;
  expect({ total, idle: idle.map(({ id, tasksDone }) => [id, tasksDone]) }).toEqual({
    total: 2,
    idle: [
      [3, 0],
      [4, 0],
    ],
  });
});
