import { expect, test } from 'vitest';
import { ProcessRecord } from '../../src/shell-world/process-record.js';
import { runScenario } from '../../src/shell-world/run-scenario.js';
import type { Scenario, Temperament } from '../../src/shell-world/scenario.js';

const worker: Temperament = {
  start: 'well',
  channel: 'private',
  knowsLedger: true,
  readsWhileBusy: true,
  ignoresCancel: false,
  ignoresSigterm: false,
};

/** Time leaps over the start time-out of all workers at once, and gives up hope with it. */
const leap: Scenario = {
  seed: 1,
  pool: { minWorkers: 3, maxWorkers: 3, startTimeout: 400, killGrace: 50, taskTimeout: 4_000 },
  cpus: 8,
  machine: { hasPrivateChannel: true, hasLedgers: true },
  workers: [worker],
  moves: [
    { act: { type: 'run', task: { deed: 'reply', times: 1, size: 20, replySize: 20 } }, events: 0 },
    { act: { type: 'advance', time: 500 }, events: 60 },
  ],
  end: 'close',
};

test('a task may be told that no worker started where time leapt over all starts', async () => {
  const runs = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => runScenario({ ...leap, seed })));
  expect(runs.map(({ broken }) => broken)).toEqual(runs.map(() => null));
  expect(runs.flatMap(({ world }) => world.records.tasks.map(({ endCode }) => endCode))).toContain('ERR_WORKER_START');
});

test.each([
  ['was not killed', { killedAt: Infinity, readyAt: Infinity }, false],
  ['was killed before its time was over', { killedAt: 499, readyAt: Infinity }, false],
  ['was ready in time', { killedAt: 600, readyAt: 499 }, false],
  ['was ready too late', { killedAt: 600, readyAt: 550 }, true],
  ['was never ready', { killedAt: 500, readyAt: Infinity }, true],
])('a worker that %s: whether it started too late', (_, times, expected) => {
  const process = Object.assign(new ProcessRecord(1000, worker, true, 100), times);
  expect(process.startedTooLate(400)).toBe(expected);
});
