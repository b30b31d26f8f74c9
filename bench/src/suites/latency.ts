import { interleave } from '../interleave.js';
import { loadOf, microsecondsPerTask } from '../load.js';
import { effortOf, type Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { IpcRunner, SERIALIZATIONS } from '../runners/ipc-runner.js';
import { nodeWorker, pythonWorker, startPool } from '../runners/pool-runner.js';
import type { Runner } from '../runners/runner.js';
import { median, percentile } from '../statistics.js';
import type { Suite } from './suite.js';

const RUNNER_PLAN = { workers: 1, operation: 'sha512' } as const;
const POOL_PLAN = { workers: RUNNER_PLAN.workers, handler: RUNNER_PLAN.operation };
const LOAD = { size: 1024, inFlight: 1 };
const SHARES = { p50: 0.5, p99: 0.99 } as const;

/** How long one task takes when there is no other. */
export const latency: Suite = {
  about: (plan) =>
    [
      'Microseconds from run() to its reply, SHA-512 of 1 KiB, one task at a time, one worker. Reference: one message of fork() IPC and',
      `its answer, the faster serialization of each row. ${effortOf(plan)}. Python ${plan.python.version}.`,
    ].join('\n'),
  async run(plan) {
    const runners = await Promise.all([
      startPool('Node', nodeWorker(), POOL_PLAN),
      startPool('Python', pythonWorker(plan.python), POOL_PLAN),
      ...SERIALIZATIONS.map((serialization) => IpcRunner.start(serialization, RUNNER_PLAN)),
    ]);
    try {
      return rowsOf(runners, await measure(runners, plan));
    } finally {
      await Promise.all(runners.map((runner) => runner.close()));
    }
  },
};

/** For each runner the times of each round. */
async function measure(runners: readonly Runner[], { rounds, window }: Plan): Promise<number[][][]> {
  const load = loadOf(RUNNER_PLAN.operation, LOAD);
  for (const runner of runners) await microsecondsPerTask(runner, load, window);
  return interleave(runners, rounds, (runner) => microsecondsPerTask(runner, load, window));
}

function rowsOf(runners: readonly Runner[], times: readonly number[][][]): Row[] {
  const rows: Row[] = [];
  for (const [name, share] of Object.entries(SHARES)) {
    const [node = 0, python = 0, ...ipc] = times.map((rounds) =>
      median(rounds.map((round) => percentile(round, share))),
    );
    const reference = Math.min(...ipc);
    const against = runners[2 + ipc.indexOf(reference)]?.name ?? '';
    const facts = { reference, against, unit: 'µs', better: 'less' } as const;
    rows.push(row({ measure: `one at a time, ${name}, Node`, ours: node, ...facts }));
    rows.push(row({ measure: `one at a time, ${name}, Python`, ours: python, ...facts }));
  }
  return rows;
}
