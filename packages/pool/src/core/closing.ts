import type { CoreState } from './core-state.js';
import type { RunTime } from './run-time.js';
import type { Settlement } from './settlement.js';
import type { Stopping } from './stopping.js';
import { SENT } from './task-state.js';
import type { Worker } from './worker.js';

/** The end of a pool: what is left is finished, or given up, and the workers leave. */
export class Closing {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  readonly #runTime: RunTime;
  readonly #settlement: Settlement;
  #ended = false;

  constructor(core: CoreState, parts: { stopping: Stopping; runTime: RunTime; settlement: Settlement }) {
    this.#core = core;
    this.#stopping = parts.stopping;
    this.#runTime = parts.runTime;
    this.#settlement = parts.settlement;
  }

  drain(): void {
    if (this.#core.closing === false) this.#core.closing = 'drain';
    this.#core.paused = false;
  }

  destroy(): void {
    this.#core.closing = 'now';
    for (const task of [...this.#core.waiting]) this.#settlement.settleWaiting(task, 'closed');
    for (const worker of this.#core.workers) {
      this.#abandonTasks(worker);
      this.#stopping.retire(worker, 'closing', 'killed');
    }
  }

  /** Workers for which nothing is left leave; `closed` follows the last one. */
  advance(): void {
    const { waiting, workers, effects } = this.#core;
    if (waiting.size > 0) return;
    for (const worker of [...workers.idle, ...workers.starting]) {
      this.#stopping.retire(worker, 'closing', 'draining');
    }
    if (workers.total > 0 || this.#ended) return;
    this.#ended = true;
    this.#core.nextDeadline = Infinity;
    effects.closed();
  }

  #abandonTasks(worker: Worker): void {
    const { tasks } = this.#core;
    for (let i = 0; i < worker.inFlight.length; i++) {
      const task = worker.inFlight.at(i);
      if (tasks.state[task] === SENT) this.#runTime.abandon(worker, task, 'closed');
      else this.#settlement.giveUpRetry(task, 'closed');
    }
    for (const task of worker.damaged) this.#settlement.giveUpRetry(task, 'closed');
  }
}
