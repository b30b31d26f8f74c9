import type { CoreState } from './core-state.js';
import type { Worker } from './worker.js';
import { BUSY } from './worker-state.js';

/** How many busy workers are looked at to find the least loaded one: two random choices are nearly as good as all (Mitzenmacher 2001), eight in turn are plenty. */
const LOOKED_AT = 8;

/** How much a worker may hold. */
export class WorkerRoom {
  readonly #core: CoreState;
  readonly #sendAhead: boolean;
  /** Workers that really run several tasks at once must not be overlooked; for sending ahead a few are enough. */
  readonly #lookAt: number;
  #cursor = 0;

  constructor(core: CoreState) {
    const { sendAhead, concurrency } = core.options;
    this.#core = core;
    this.#sendAhead = sendAhead && concurrency === 1;
    this.#lookAt = concurrency === 1 ? LOOKED_AT : Infinity;
  }

  /** Tasks that one worker may hold at present. */
  get depth(): number {
    return this.#sendAhead ? this.#core.serviceTime.depth : this.#core.options.concurrency;
  }

  /** The least loaded of the busy workers that have room; those of a tenant, or all. */
  leastLoaded(busy: readonly Worker[]): Worker | undefined {
    if (this.depth === 1) return undefined;
    const looks = Math.min(this.#lookAt, busy.length);
    let best: Worker | undefined;
    for (let i = 0; i < looks; i++) {
      this.#cursor = this.#cursor + 1 < busy.length ? this.#cursor + 1 : 0;
      const worker = busy[this.#cursor] as Worker;
      if (best !== undefined && worker.inFlight.length >= best.inFlight.length) continue;
      if (this.has(worker, false)) best = worker;
    }
    return best;
  }

  /** True if one more task may be given to a busy worker. Beyond the first only while nobody is idle who could take it. */
  has(worker: Worker, isAnotherIdle: boolean): boolean {
    if (worker.code !== BUSY) return false;
    const { inFlight } = worker;
    if (inFlight.length >= this.#core.options.maxTasksPerWorker - worker.tasksDone) return false;
    if (inFlight.length === 0) return true;
    if (inFlight.length >= this.depth || isAnotherIdle) return false;
    return !this.#sendAhead || this.#mayCommit(worker);
  }

  /** Ahead of its replies a worker gets only what it will soon begin, as far as can be known. */
  #mayCommit(worker: Worker): boolean {
    const { tasks, tuning, now } = this.#core;
    const bytesBehind = worker.inFlightBytes - (tasks.bytes[worker.inFlight.at(0)] as number);
    if (worker.due !== null || bytesBehind >= tuning.committedBytes) return false;
    return now < worker.headStartedAt + tuning.recallAfter;
  }
}
