import { type BuiltWorker, cppWorker, dotnetWorker } from '../built-workers.js';
import { interleave } from '../interleave.js';
import { type Load, loadOf, tasksPerSecond } from '../load.js';
import { effortOf, type Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { nodeWorker, pythonWorker, startPool } from '../runners/pool-runner.js';
import type { Runner } from '../runners/runner.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const OPERATION = 'sha512';
const LOADS = [
  { title: 'SHA-512 of 1 KiB', load: loadOf(OPERATION, { size: 1024, inFlight: 256 }) },
  { title: 'SHA-512 of 1 MiB', load: loadOf(OPERATION, { size: 1 << 20, inFlight: 8 }) },
];
const WORKERS = [1, 2];
/** Windows before the first that counts: what is compiled while it runs must not be what is compared. */
const WARM_UPS = 3;
const BUILT: readonly BuiltWorker[] = [dotnetWorker(), cppWorker()];

/** What the language of a worker costs or saves. */
export const languages: Suite = {
  about: (plan) =>
    [
      'Tasks per second of a pool with workers of one language, 256 in flight in all (8 of 1 MiB). The timer runs from the first submission',
      'until the last digest has been compared with what node:crypto gives. Reference: the Node worker. Every worker is made with the SDK of',
      `its language and hashes with what its standard library has (C++: OpenSSL, where libcrypto.so.3 is there). ${effortOf(plan, WARM_UPS)}. Python ${plan.python.version}.`,
    ].join('\n'),
  async run(plan) {
    const rows: Row[] = [];
    for (const { title, load } of LOADS) {
      for (const workers of WORKERS) rows.push(...(await besideNode({ title, load, workers }, plan)));
    }
    return rows;
  },
  notMeasured: () =>
    BUILT.flatMap(({ language, missing }) => (missing === undefined ? [] : [`${language}, as ${missing}`])),
};

interface Race {
  readonly title: string;
  readonly load: Load;
  readonly workers: number;
}

async function besideNode({ title, load, workers }: Race, { python, rounds, window }: Plan): Promise<Row[]> {
  const runners = await Promise.all([
    startPool('Node', nodeWorker(), { workers, handler: OPERATION }),
    startPool('Python', pythonWorker(python), { workers, handler: OPERATION }),
    ...BUILT.filter(({ missing }) => missing === undefined).map(({ language, command }) =>
      startPool(language, { command }, { workers, handler: 'default' }),
    ),
  ]);
  try {
    await interleave(runners, WARM_UPS, (runner) => tasksPerSecond(runner, load, window));
    const rates = await interleave(runners, rounds, (runner) => tasksPerSecond(runner, load, window));
    const [reference = 0] = rates.map(median);
    const ofRunner = ({ name }: Runner, index: number): Row =>
      row({
        measure: `${title}, ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${name}`,
        ours: median(rates[index] ?? []),
        reference,
        unit: 'tasks/s',
        against: 'the Node worker',
        better: 'more',
      });
    return runners.map(ofRunner).slice(1);
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
}
