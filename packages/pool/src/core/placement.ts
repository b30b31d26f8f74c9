import type { CoreState } from './core-state.js';
import type { Dispatch } from './dispatch.js';
import type { Worker } from './worker.js';
import { BUSY } from './worker-state.js';

/** How many busy workers are looked at to find the least loaded one: two random choices are nearly as good as all (Mitzenmacher 2001), eight in turn are plenty. */
const LOOKED_AT = 8;

const NONE = -1;

/** Finds the worker for the task whose turn it is. */
export class Placement {
  readonly #core: CoreState;
  readonly #dispatch: Dispatch;
  readonly #sendAhead: boolean;
  /** Workers that really run several tasks at once must not be overlooked; for sending ahead a few are enough. */
  readonly #lookAt: number;
  #cursor = 0;

  constructor(core: CoreState, dispatch: Dispatch) {
    const { sendAhead, concurrency } = core.options;
    this.#core = core;
    this.#dispatch = dispatch;
    this.#sendAhead = sendAhead && concurrency === 1;
    this.#lookAt = concurrency === 1 ? LOOKED_AT : Infinity;
  }

  /** Tasks that one worker may hold at present. */
  get depth(): number {
    return this.#sendAhead ? this.#core.serviceTime.depth : this.#core.options.concurrency;
  }

  /** Sends what waits, as long as a worker has room for it; `answered` is the one whose reply made room, if any. */
  sendWaiting(answered: Worker | undefined): void {
    const { waiting } = this.#core;
    if (answered !== undefined && this.#fill(answered)) return;
    for (let task = waiting.head(); task !== NONE; task = waiting.head()) {
      const worker = this.#choose();
      if (worker === undefined) return;
      this.#dispatch.send(worker, task);
    }
  }

  /**
   * The worker that has just answered is the warmest. True if it took something: then that is all, for where tasks were
   * waiting nobody else had room, and where none was, what a reply sets free is one task.
   */
  #fill(answered: Worker): boolean {
    const { waiting } = this.#core;
    let task = waiting.head();
    if (task === NONE || !this.#hasRoom(answered)) return false;
    do {
      this.#dispatch.send(answered, task);
      task = waiting.head();
    } while (task !== NONE && this.#hasRoom(answered));
    return true;
  }

  /** The idle worker that was used last, else a busy one. */
  #choose(): Worker | undefined {
    const { idle } = this.#core.workers;
    if (idle.length > 0) return idle[idle.length - 1];
    return this.depth > 1 ? this.#leastLoaded() : undefined;
  }

  #leastLoaded(): Worker | undefined {
    const { busy } = this.#core.workers;
    const looks = Math.min(this.#lookAt, busy.length);
    let best: Worker | undefined;
    for (let i = 0; i < looks; i++) {
      this.#cursor = this.#cursor + 1 < busy.length ? this.#cursor + 1 : 0;
      const worker = busy[this.#cursor] as Worker;
      if (best !== undefined && worker.inFlight.length >= best.inFlight.length) continue;
      if (this.#hasRoom(worker)) best = worker;
    }
    return best;
  }

  /** True if one more task may be given to a busy worker. Beyond the first only while nobody is idle. */
  #hasRoom(worker: Worker): boolean {
    if (worker.code !== BUSY) return false;
    const { inFlight } = worker;
    const { options, workers } = this.#core;
    if (inFlight.length >= options.maxTasksPerWorker - worker.tasksDone) return false;
    if (inFlight.length === 0) return true;
    if (inFlight.length >= this.depth || workers.idle.length > 0) return false;
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
