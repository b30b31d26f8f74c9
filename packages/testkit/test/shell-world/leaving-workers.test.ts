import { ProcessPool, type TaskCost } from '@ostler/pool';
import { expect, test } from 'vitest';
import { type ProgramMaker, SimulatedOs, type WorkerScript, workerProgram } from '../../src/index.js';
import { poolOn } from '../../src/shell-world/index.js';

function start(scripts: readonly [WorkerScript, ...WorkerScript[]], seed: number) {
  const program = (index: number): ProgramMaker => workerProgram(scripts[Math.min(index, scripts.length - 1)]);
  const os = new SimulatedOs({ seed, program, hasLedgers: false });
  const options = { command: ['worker'] as const, cpus: 2, maxWorkers: 1, output: 'event' as const };
  return { os, pool: poolOn(ProcessPool, os, options) };
}

async function end(pool: ProcessPool, os: SimulatedOs): Promise<void> {
  let hasEnded = false;
  void pool.destroy().then(() => {
    hasEnded = true;
  });
  await os.runAsync(() => hasEnded);
}

/** Answers, and is gone before its answer is read; a grandchild keeps its pipes open. */
const answersAndDies: WorkerScript = {
  *handle(task, voice) {
    voice.reply(task, 'the last one');
    voice.host.spawnGrandchild('own');
    voice.host.exit(0);
    yield;
  },
};
/** The same, but only its channel ends. */
const answersAndCloses: WorkerScript = {
  *handle(task, voice) {
    voice.reply(task, 'the last one');
    voice.closeChannel();
    while (true) yield* voice.sleep();
  },
};

test.each([
  ['has exited', answersAndDies],
  ['has closed its channel', answersAndCloses],
])('a worker that %s gets nothing more to do while the rest of what it said is read', async (_, script) => {
  for (let seed = 1; seed <= 40; seed++) {
    const { os, pool } = start([script, {}], seed);
    const replies: string[] = [];
    const run = (body: string): unknown => pool.run(body).then((reply) => replies.push(Buffer.from(reply).toString()));
    run('first');
    await os.runAsync(() => replies.length === 1);
    const dead = os.processes[0];
    await os.runAsync(() => pool.stats().workers.idle === 0 || dead?.isReleased === true);
    run('second');
    await os.runAsync(() => replies.length === 2);
    expect(replies).toEqual(['the last one', 'second']);
    await end(pool, os);
  }
});

test('the cost of tasks that were never sent is told as well', async () => {
  const { os, pool } = start(
    [
      {
        start: function* (voice) {
          while (true) yield* voice.sleep();
        },
      },
    ],
    1,
  );
  const costs: TaskCost[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const outcomes = pool.runMany(['a', 'b', 'c'], { signal, onCost: (cost) => costs.push(cost) });
  controller.abort();
  await os.runAsync(() => costs.length === 3);
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(costs.map(({ runMs, workerId, attempt }) => ({ runMs, workerId, attempt }))).toEqual(
    Array.from({ length: 3 }, () => ({ runMs: 0, workerId: 0, attempt: 1 })),
  );
  await end(pool, os);
});
