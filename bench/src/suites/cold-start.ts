import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { interleave } from '../interleave.js';
import { check, loadOf } from '../load.js';
import type { Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { nodeWorker, pythonWorker } from '../runners/pool-runner.js';
import { nodeProgram, processPerTask, pythonProgram } from '../runners/process-per-task.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const OPERATION = 'sha512';
const LOAD = loadOf(OPERATION, { size: 1024, inFlight: 1 });

/** What a worker costs before it has done anything. */
export const coldStart: Suite = {
  about: ({ repeats, python }) =>
    [
      'Milliseconds from `new ProcessPool` to the first reply (SHA-512 of 1 KiB), its worker not yet started. Reference: a bare spawn() of',
      `a program that hashes its stdin, to its end. Median of ${repeats} starts each, interleaved, after one of each. Python ${python.version}.`,
    ].join('\n'),
  async run(plan) {
    const node = await compare('Node', { worker: nodeWorker(), program: nodeProgram() }, plan);
    const python = await compare(
      'Python',
      { worker: pythonWorker(plan.python), program: pythonProgram(plan.python) },
      plan,
    );
    return [node, python];
  },
};

interface Language {
  readonly worker: PoolOptions;
  readonly program: readonly [string, ...string[]];
}

async function compare(name: string, { worker, program }: Language, { repeats }: Plan): Promise<Row> {
  const contenders = [() => firstReply(worker), () => spawned(program)];
  for (const start of contenders) await start();
  const [ours = [], reference = []] = await interleave(contenders, repeats, (start) => start());
  return row({
    measure: `start to first reply, ${name}`,
    ours: median(ours),
    reference: median(reference),
    unit: 'ms',
    against: 'a bare spawn()',
    better: 'less',
  });
}

async function firstReply(options: PoolOptions): Promise<number> {
  const start = performance.now();
  const pool = new ProcessPool({ ...options, maxWorkers: 1 });
  const reply = await pool.run(LOAD.body, { handler: OPERATION });
  const took = performance.now() - start;
  await pool.close();
  if (Buffer.compare(reply, LOAD.expected) !== 0) throw new Error('the first reply of a pool was wrong');
  return took;
}

async function spawned(program: readonly [string, ...string[]]): Promise<number> {
  const runner = processPerTask(program);
  const start = performance.now();
  const reply = await runner.run(LOAD.body);
  const took = performance.now() - start;
  check(runner, reply, LOAD.expected);
  return took;
}
