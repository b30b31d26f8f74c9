import { OsControlError as NativeError } from '@ostler/native';
import { OsControlError } from './errors.js';
import type { Limiter, Limits, WorkerHold } from './os/limits.js';
import type { WorkerProcess } from './worker-process/worker-process.js';

/** The limits of a pool's workers: of those that start, and, when they change, of those that live. */
export class WorkerLimits {
  readonly #pool: string;
  readonly #limiter: Limiter;
  readonly #workers: ReadonlyMap<number, WorkerProcess>;
  #limits: Limits;

  constructor(parts: { pool: string; limiter: Limiter; workers: ReadonlyMap<number, WorkerProcess>; limits: Limits }) {
    this.#pool = parts.pool;
    this.#limiter = parts.limiter;
    this.#workers = parts.workers;
    this.#limits = parts.limits;
  }

  /** What holds a worker that is about to start. */
  hold(workerId: number): WorkerHold {
    return this.#limiter.hold(workerId, this.#limits);
  }

  /** Whether every worker has the limits that hold now: those that are being made get them when they run. */
  get areInForce(): boolean {
    for (const worker of this.#workers.values())
      if (worker.limits !== undefined && worker.limits !== this.#limits) return false;
    return true;
  }

  /** Replaces the limits. Where the system refuses, all workers have again what they had, and OsControlError is thrown. */
  replace(limits: Limits): void {
    const before = this.#limits;
    const changed: WorkerProcess[] = [];
    try {
      for (const worker of this.#workers.values()) {
        changed.push(worker);
        worker.applyLimits(limits);
      }
    } catch (error) {
      for (const worker of changed) if (worker.limits === limits) worker.applyLimits(before);
      throw this.#explain(error);
    }
    this.#limits = limits;
  }

  /** A worker runs: the limits may have changed since its start was asked for. Null, or why it can't have them: it must not run then. */
  started(worker: WorkerProcess): Error | null {
    try {
      worker.applyLimits(this.#limits);
      return null;
    } catch (error) {
      return this.#explain(error);
    }
  }

  close(): void {
    this.#limiter.close();
  }

  #explain(error: unknown): Error {
    if (!(error instanceof NativeError)) return error as Error;
    const { syscall, errno, winerr, pid = 0, message } = error;
    // Of Windows, its own number: its errno is only what comes nearest.
    const number = winerr === undefined ? { errno } : { winerr };
    const facts = { action: 'change the limits', syscall, ...number, pid, reason: message, cause: error };
    return new OsControlError({ pool: this.#pool, ...facts });
  }
}
