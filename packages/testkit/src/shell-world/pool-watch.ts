import type { ProcessPool } from '@ostler/pool';
import type { WorldRecords } from './world-records.js';

/** How the ends that callers are told are counted. */
const COUNTED = { succeeded: undefined, failed: 'ERR_TASK_FAILED', timedOut: 'ERR_TASK_TIMEOUT' } as const;

/** Watches what a pool tells of itself: its workers' events and its statistics. */
export class PoolWatch {
  readonly #records: WorldRecords;
  readonly #pool: ProcessPool;
  /** What was told of each worker, by its id. */
  readonly #told = new Map<number, ('start' | 'ready' | 'exit')[]>();

  constructor(records: WorldRecords, pool: ProcessPool) {
    this.#records = records;
    this.#pool = pool;
    pool.on('worker-start', ({ workerId }) => this.#tell(workerId, 'start'));
    pool.on('worker-ready', ({ workerId }) => this.#tell(workerId, 'ready'));
    pool.on('worker-exit', ({ workerId, exit }) => {
      this.#tell(workerId, 'exit');
      const lives = records.isAlive(exit.pid);
      records.demand(!lives, 'an exit is told of a process that has exited', () => `of ${exit.pid}`);
    });
    pool.on('log', ({ line }) => {
      records.demand(line.length <= 65_536, 'a line is at most 64 KiB long', () => `${line.length} characters`);
    });
  }

  /** After every event. */
  check(): void {
    const { tasks, queue, workers } = this.#pool.stats();
    const { submitted, running, succeeded, failed, crashed, timedOut, aborted, rejected } = tasks;
    const sum = queue.size + running + succeeded + failed + crashed + timedOut + aborted + rejected;
    this.#records.demand(
      submitted === sum,
      'every submitted task is counted once',
      () => `${submitted} submitted, but ${sum} in ${JSON.stringify({ queued: queue.size, ...tasks })}`,
    );
    const { total, starting, idle, busy, stopping } = workers;
    this.#records.demand(total === starting + idle + busy + stopping, 'every worker is counted once', () =>
      JSON.stringify(workers),
    );
  }

  /** When no process is left. */
  checkEnd(): void {
    this.#checkCounts();
    for (const [workerId, told] of this.#told) {
      this.#records.demand(
        told[0] === 'start' && told.at(-1) === 'exit',
        'every worker that was told to start is told to exit',
        () => `worker ${workerId}: ${told.join(', ')}`,
      );
    }
  }

  /** A stream that was left is counted as what became of it behind the back of its consumer. */
  #checkCounts(): void {
    const { tasks } = this.#pool.stats();
    const ends = this.#records.tasks.filter(({ hasLeft }) => !hasLeft).map((task) => task.endCode);
    const left = this.#records.tasks.filter(({ hasLeft, plan }) => hasLeft && plan.timeout !== undefined).length;
    for (const [name, code] of Object.entries(COUNTED)) {
      const told = ends.filter((end) => end === code).length;
      const counted = tasks[name as keyof typeof COUNTED];
      this.#records.demand(
        counted >= told && counted <= told + (name === 'timedOut' ? left : Infinity),
        'the statistics agree with what the callers were told',
        () => `${name}: ${counted} counted, ${told} told`,
      );
    }
  }

  #tell(workerId: number, what: 'start' | 'ready' | 'exit'): void {
    const told = this.#told.get(workerId) ?? [];
    this.#told.set(workerId, told);
    const order = ['start', 'ready', 'exit'];
    const last = told.at(-1);
    this.#records.demand(
      last === undefined ? what === 'start' : order.indexOf(what) > order.indexOf(last),
      'a worker starts, is ready and exits, each once and in this order',
      () => `worker ${workerId}: ${[...told, what].join(', ')}`,
    );
    told.push(what);
  }
}
