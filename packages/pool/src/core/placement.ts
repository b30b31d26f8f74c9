import type { CoreState } from './core-state.js';
import type { Dispatch } from './dispatch.js';
import type { Worker } from './worker.js';
import type { WorkerRoom } from './worker-room.js';

const NONE = -1;

/** Finds the worker for the task whose turn it is, where any worker will do. */
export class Placement {
  readonly #core: CoreState;
  readonly #dispatch: Dispatch;
  readonly #room: WorkerRoom;

  constructor(core: CoreState, parts: { dispatch: Dispatch; room: WorkerRoom }) {
    this.#core = core;
    this.#dispatch = parts.dispatch;
    this.#room = parts.room;
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
    const { idle, busy } = this.#core.workers;
    return idle.length > 0 ? idle[idle.length - 1] : this.#room.leastLoaded(busy);
  }

  #hasRoom(worker: Worker): boolean {
    return this.#room.has(worker, this.#core.workers.idle.length > 0);
  }
}
