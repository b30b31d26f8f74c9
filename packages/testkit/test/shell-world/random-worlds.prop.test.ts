import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeBroken, runShellWorld, type ScenarioRun, shortenScenario } from '../../src/shell-world/index.js';

const EVENTS = 150;
/** Milliseconds; some seconds on a machine that has nothing else to do. */
const PATIENCE = 180_000;

async function sound(seed: number): Promise<ScenarioRun> {
  const run = await runShellWorld(seed, EVENTS);
  if (run.broken === null) return run;
  throw new Error(`seed ${seed}: ${describeBroken(await shortenScenario(run.broken))}`);
}

test('the whole pool keeps its promises in random worlds', { timeout: PATIENCE }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => void (await sound(seed))),
    { numRuns: 20, endOnFailure: true },
  );
});

test('it keeps them while everything happens that can happen', { timeout: PATIENCE }, async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 60; seed++) {
    const { world } = await sound(seed);
    for (const { ends, begun } of world.records.tasks) {
      for (const end of ends) seen.add('error' in end ? `${end.error.code}` : 'an answer');
      if (begun.length > 1) seen.add('a retry');
    }
    for (const { faults } of world.records.processes.values()) for (const fault of faults) seen.add(fault);
  }
  expect([...seen].sort()).toEqual(
    expect.arrayContaining([
      ...['ERR_POOL_CLOSED', 'ERR_PROTOCOL', 'ERR_QUEUE_FULL', 'ERR_TASK_ABORTED', 'ERR_TASK_FAILED'],
      ...['ERR_TASK_TIMEOUT', 'ERR_WORKER_CRASHED', 'a retry', 'an answer'],
      ...['closed', 'died', 'protocol', 'stopped'],
    ]),
  );
});

test('the same seed gives the same world', async () => {
  const [first, second] = await Promise.all([runShellWorld(23, EVENTS), runShellWorld(23, EVENTS)]);
  const story = ({ world, events }: ScenarioRun) => ({
    events,
    now: world.os.now(),
    tasks: world.records.tasks.map(({ begun, ends }) => ({
      begun,
      ends: ends.map((end) => String(Object.values(end)[0])),
    })),
  });
  expect(first.events).toBeGreaterThan(100);
  expect(story(second)).toEqual(story(first));
});
