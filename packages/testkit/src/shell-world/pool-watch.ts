import type { ProcessPool } from '@ostler/pool';
import type { WorldRecords } from './world-records.js';

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
    for (const [workerId, told] of this.#told) {
      this.#records.demand(
        told[0] === 'start' && told.at(-1) === 'exit',
        'every worker that was told to start is told to exit',
        () => `worker ${workerId}: ${told.join(', ')}`,
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
