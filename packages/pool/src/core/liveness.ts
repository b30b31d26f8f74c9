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
  rest(worker: Worker): void {
    const { now } = this.#core;
    worker.idleSince = now;
    worker.pingUnanswered = false;
    this.#lookAgain(worker, now + this.#core.tuning.pingInterval);
  }

  inspected(worker: Worker, verdict: 'runs' | 'stopped'): void {
    worker.stoppedLooks = verdict === 'stopped' ? worker.stoppedLooks + 1 : 0;
    if (worker.stoppedLooks >= this.#core.tuning.stoppedLooks) this.#giveUp(worker);
  }

  deadlineReached(worker: Worker): void {
    const { tuning, effects, now } = this.#core;
    if (worker.inFlight.length > 0) {
      this.#lookAgain(worker, now + tuning.inspectInterval);
      effects.inspectWorker(worker.id);
    } else if (worker.code !== IDLE) {
      worker.livenessAt = Infinity;
    } else if (worker.pingUnanswered) {
      this.#giveUp(worker);
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

  #giveUp(worker: Worker): void {
    this.#stopping.retire(worker, 'unresponsive', 'killed');
  }
}
