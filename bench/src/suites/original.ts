import { dotnetWorker } from '../built-workers.js';
import { interleave } from '../interleave.js';
import { type Load, loadOf, tasksPerSecond } from '../load.js';
import { effortOf, type Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { buildLinePool, LinePool } from '../runners/line-pool.js';
import { startPool } from '../runners/pool-runner.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const LOADS = [
  { title: 'SHA-512 of 1 KiB', load: loadOf('sha512', { size: 1024, inFlight: 256 }) },
  { title: 'SHA-512 of 1 MiB', load: loadOf('sha512', { size: 1 << 20, inFlight: 8 }) },
];
const WORKERS = [1, 2];
/** How many tasks wait in the first design. */
const SHORT_QUEUE = 5;
/** Windows before the first that counts: the C# pool is compiled while it runs, and again where it is busy. */
const WARM_UPS = 3;
const WORKER = dotnetWorker();

/** Today's pool beside one of the design that it comes from, both with the same task in C#. */
export const original: Suite = {
  about: (plan) =>
    [
      'Tasks per second with workers in C#. Ours: this pool in Node, the task an assembly in the .NET host, 256 in flight in all (8 of 1 MiB).',
      `Reference: a pool in C#, built now from bench/original, of the first design: a thread and a blocking line of base64 per worker, one task`,
      `in flight in each, behind a queue of ${SHORT_QUEUE} or of as many as we have in flight, the faster of both. As many workers, Release builds, all warm.`,
      'The timer runs from the first submission until the last digest has been compared; each pool is driven from within its own process.',
      `${effortOf(plan, WARM_UPS)}.`,
    ].join('\n'),
  async run(plan) {
    if (WORKER.missing !== undefined) return [];
    await buildLinePool();
    const rows: Row[] = [];
    for (const { title, load } of LOADS) {
      for (const workers of WORKERS) rows.push(await besideLines({ title, load, workers }, plan));
    }
    return rows;
  },
  notMeasured: () => (WORKER.missing === undefined ? [] : [`everything, as ${WORKER.missing}`]),
};

interface Race {
  readonly title: string;
  readonly load: Load;
  readonly workers: number;
}

async function besideLines({ title, load, workers }: Race, { rounds, window }: Plan): Promise<Row> {
  const size = load.body.byteLength;
  const lines = [SHORT_QUEUE, load.inFlight].map((queueSize) => new LinePool({ workers, queueSize }));
  const ours = await startPool('ours', { command: WORKER.command }, { workers, handler: 'default' });
  const contenders = [
    () => tasksPerSecond(ours, load, window),
    ...lines.map((pool) => () => pool.tasksPerSecond(size, window)),
  ];
  try {
    await interleave(contenders, WARM_UPS, (measure) => measure());
    const results = await interleave(contenders, rounds, (measure) => measure());
    const [rate = 0, ...references] = results.map(median);
    const reference = Math.max(...references);
    return row({
      measure: `${title}, ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
      ours: rate,
      reference,
      unit: 'tasks/s',
      against: lines[references.indexOf(reference)]?.name ?? '',
      better: 'more',
    });
  } finally {
    await Promise.all([ours, ...lines].map((pool) => pool.close()));
  }
}
