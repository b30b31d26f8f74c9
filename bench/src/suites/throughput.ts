import { interleave } from '../interleave.js';
import { type Load, loadOf, tasksPerSecond } from '../load.js';
import { effortOf, type Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { IpcRunner, SERIALIZATIONS } from '../runners/ipc-runner.js';
import { nodeWorker, pythonForks, pythonWorker, startPool } from '../runners/pool-runner.js';
import { nodeProgram, processPerTask, pythonProgram } from '../runners/process-per-task.js';
import type { Operation, Runner, RunnerPlan } from '../runners/runner.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

interface Kind {
  readonly title: string;
  readonly operation: Operation;
  readonly size: number;
  readonly inFlight: number;
}

const HASH: Kind = { title: 'SHA-512 of 1 KiB', operation: 'sha512', size: 1024, inFlight: 256 };
const KINDS: readonly Kind[] = [
  { title: 'no-op, 1 KiB', operation: 'echo', size: 1024, inFlight: 256 },
  HASH,
  { title: 'SHA-512 of 1 MiB', operation: 'sha512', size: 1 << 20, inFlight: 8 },
];
const WORKERS = [1, 2];

/** Tasks per second with many in flight. */
export const throughput: Suite = {
  about: (plan) =>
    [
      'Tasks per second, 256 in flight in all (8 of 1 MiB). The timer runs from the first submission until the last reply has been',
      'compared with what node:crypto gives; a no-op gives its body back. Reference: as many processes made by fork(), one message per',
      'task, the same number in flight, the faster of both serializations; and one process per task, as many at a time.',
      `${effortOf(plan)}. Python ${plan.python.version}.`,
    ].join('\n'),
  async run(plan) {
    const rows: Row[] = [];
    for (const kind of KINDS) for (const workers of WORKERS) rows.push(...(await againstIpc(kind, workers, plan)));
    rows.push(...(await againstProcesses(plan)));
    return rows;
  },
};

async function againstIpc(kind: Kind, workers: number, plan: Plan): Promise<Row[]> {
  const runners = await startRunners({ workers, operation: kind.operation }, plan);
  try {
    const [node = 0, python = 0, ...ipc] = await rates(runners, loadOf(kind.operation, kind), plan);
    const reference = Math.max(...ipc);
    const against = runners[2 + ipc.indexOf(reference)]?.name ?? '';
    const facts = { reference, against, unit: 'tasks/s', better: 'more' } as const;
    const title = `${kind.title}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
    return [
      row({ measure: `${title}, Node`, ours: node, ...facts }),
      row({ measure: `${title}, Python`, ours: python, ...facts }),
    ];
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}

/** Ours first: Node, Python; then the references. */
function startRunners(runnerPlan: RunnerPlan, { python }: Plan): Promise<Runner[]> {
  const poolPlan = { workers: runnerPlan.workers, handler: runnerPlan.operation };
  return Promise.all([
    startPool('Node pool', nodeWorker(), poolPlan),
    startPool('Python pool', pythonWorker(python), poolPlan),
    ...SERIALIZATIONS.map((serialization) => IpcRunner.start(serialization, runnerPlan)),
  ]);
}

async function againstProcesses(plan: Plan): Promise<Row[]> {
  const poolPlan = { workers: 2, handler: HASH.operation };
  const languages = [
    { name: 'Node', worker: nodeWorker(), program: nodeProgram() },
    { name: 'Python', worker: pythonWorker(plan.python), program: pythonProgram(plan.python) },
    { name: 'Python, a fork for each task', worker: pythonForks(plan.python), program: pythonProgram(plan.python) },
  ];
  const rows: Row[] = [];
  for (const { name, worker, program } of languages) {
    const pool = await startPool(`${name} pool`, worker, poolPlan);
    const each = processPerTask(program);
    const load = loadOf(HASH.operation, HASH);
    const few = { ...load, inFlight: poolPlan.workers };
    await tasksPerSecond(pool, load, plan.window);
    const [ours = [], reference = []] = await interleave([pool, each], plan.rounds, (runner) =>
      tasksPerSecond(runner, runner === each ? few : load, plan.window),
    );
    await pool.close();
    const facts = { unit: 'tasks/s', against: each.name, better: 'more' } as const;
    rows.push(
      row({ measure: `${HASH.title}, 2 workers, ${name}`, ours: median(ours), reference: median(reference), ...facts }),
    );
  }
  return rows;
}

/** The median rate of each runner. */
async function rates(runners: readonly Runner[], load: Load, { rounds, window }: Plan): Promise<number[]> {
  for (const runner of runners) await tasksPerSecond(runner, load, window);
  const results = await interleave(runners, rounds, (runner) => tasksPerSecond(runner, load, window));
  return results.map(median);
}
