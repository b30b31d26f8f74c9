import type { CoreState } from './core-state.js';
import type { Stopping } from './stopping.js';
import type { Worker } from './worker.js';
import { IDLE } from './worker-state.js';

/** Whether workers still live: an idle one is pinged, of a busy one the system is asked whether it still runs. */
export class Liveness {
  readonly #core: CoreState;
  readonly #stopping: Stopping;

  constructor(core: CoreState, stopping: Stopping) {
    this.#core = core;
    this.#stopping = stopping;
  }

  /** The worker is idle from now on. */
  rest(worker: Worker, now: number): void {
    worker.idleSince = now;
    worker.pingUnanswered = false;
    this.#lookAgain(worker, now + this.#core.tuning.pingInterval);
  }

  inspected(worker: Worker, verdict: 'runs' | 'stopped', now: number): void {
    worker.stoppedLooks = verdict === 'stopped' ? worker.stoppedLooks + 1 : 0;
    if (worker.stoppedLooks >= this.#core.tuning.stoppedLooks) this.#giveUp(worker, now);
  }

  deadlineReached(worker: Worker, now: number): void {
    const { tuning, effects } = this.#core;
    if (worker.inFlight.length > 0) {
      this.#lookAgain(worker, now + tuning.inspectInterval);
      effects.inspectWorker(worker.id);
    } else if (worker.code !== IDLE) {
      worker.livenessAt = Infinity;
    } else if (worker.pingUnanswered) {
      this.#giveUp(worker, now);
    } else {
      worker.pingUnanswered = true;
      this.#lookAgain(worker, now + tuning.pingInterval);
      effects.pingWorker(worker.id);
    }
  }

  #lookAgain(worker: Worker, at: number): void {
    worker.livenessAt = at;
    this.#core.arm(at);
  }

  #giveUp(worker: Worker, now: number): void {
    this.#stopping.retire(worker, 'unresponsive', { step: 'killed', now });
  }
}
