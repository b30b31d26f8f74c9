import type { OperatingSystem } from './os/operating-system.js';
import type { WorkerProcess } from './worker-process/worker-process.js';

/** Milliseconds between two looks. */
const INTERVAL = 100;

/** Kills workers that are above a limit of memory where the system does not: what is used up between two looks goes unseen. */
export class MemoryWatch {
  readonly #os: OperatingSystem;
  readonly #workers: ReadonlyMap<number, WorkerProcess>;
  #next = Infinity;

  constructor(os: OperatingSystem, workers: ReadonlyMap<number, WorkerProcess>) {
    this.#os = os;
    this.#workers = workers;
  }

  /** When `deadlineReached` has something to do next, or `Infinity`. */
  get nextDeadline(): number {
    return this.#next;
  }

  /** A worker has started, or limits have changed: from now on there may be something to look at. */
  begin(): void {
    if (![...this.#workers.values()].some((worker) => worker.watchedMemory !== undefined)) return;
    this.#next = Math.min(this.#next, this.#os.now() + INTERVAL);
  }

  deadlineReached(now: number): void {
    if (now < this.#next) return;
    this.#next = Infinity;
    for (const worker of this.#workers.values()) {
      if (worker.watchedMemory === undefined || worker.pid === undefined) continue;
      this.#next = now + INTERVAL;
      const used = this.#os.inspect(worker.pid)?.rss ?? 0;
      if (used > worker.watchedMemory) worker.killForMemory(used);
    }
  }
}
