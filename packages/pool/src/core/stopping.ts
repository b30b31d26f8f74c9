import type { CoreState } from './core-state.js';
import { canStep, HARDER_STEP, type StopStep } from './stop-step.js';
import type { Worker } from './worker.js';
import { RETIRE, type RetireReason, STARTING, STOPPING } from './worker-state.js';

/** Retires workers: lets them finish, asks, terminates, kills, each step with a grace. */
export class Stopping {
  readonly #core: CoreState;

  constructor(core: CoreState) {
    this.#core = core;
  }

  /**
   * The worker gets no more tasks; `step` says how hard it is told. One that is leaving already can only be told harder, and
   * one that was told nothing yet leaves for the new reason.
   */
  retire(worker: Worker, reason: RetireReason, orderedStep: StopStep): void {
    const step = orderedStep === 'draining' && worker.inFlight.length === 0 ? 'asked' : orderedStep;
    if (!canStep(worker.stopStep, step)) return;
    this.#standDown(worker);
    if (worker.untold) worker.reason = reason;
    this.#take(worker, step);
  }

  /** A worker that leaves unasked, and can't be reached any more, gets nothing to do; what it has answered may still come. */
  leaves(worker: Worker): void {
    if (worker.code === STARTING) return;
    this.#standDown(worker);
    worker.stopStep ??= 'draining';
  }

  /** A stopping worker has finished what it held. */
  drained(worker: Worker): void {
    if (worker.stopStep === 'draining') this.#take(worker, 'asked');
  }

  /** The grace of the present step is over. */
  graceOver(worker: Worker): void {
    const harder = worker.stopStep === null ? null : HARDER_STEP[worker.stopStep];
    if (harder !== null) this.#take(worker, harder);
  }

  /** Workers above the maximum, and idle ones above the minimum whose time is over. */
  retireSurplus(): void {
    const { workers } = this.#core;
    const maxWorkers = this.#core.maxWorkers + this.#core.surge;
    while (workers.staying > maxWorkers) {
      const worker = workers.idle[0] ?? workers.starting[0] ?? (workers.busy[0] as Worker);
      this.retire(worker, 'resized', 'draining');
    }
    if (workers.idle.length > 0) this.#retireIdle();
  }

  /** Workers that are due leave once enough others are warm, or where no successor is being warmed and none has room. */
  retireDue(): void {
    const { due, workers, minimum, room } = this.#core;
    let fresh = workers.warm;
    for (const worker of due) if (worker.everReady) fresh--;
    if (fresh < minimum && (room > 0 || workers.starting.length > 0)) return;
    for (const worker of due) this.retire(worker, worker.due as RetireReason, 'draining');
  }

  /** The worker should leave when that delays no task. */
  makeDue(worker: Worker, reason: RetireReason): void {
    if (worker.code === STOPPING || worker.due !== null) return;
    worker.due = reason;
    this.#core.due.add(worker);
    this.#core.tenants?.becameDue(worker);
  }

  /** Least recently used first. Who is due waits for a successor and is no part of the minimum. */
  #retireIdle(): void {
    const { workers, options, now } = this.#core;
    let next = 0;
    while (next < workers.idle.length && this.#someMayLeave) {
      const worker = workers.idle[next] as Worker;
      const leavesAt = worker.idleSince + options.idleTimeout;
      if (worker.due !== null || !this.#mayLeave(worker)) next++;
      else if (leavesAt <= now) this.retire(worker, 'idle', 'draining');
      else {
        this.#core.arm(leavesAt);
        return;
      }
    }
  }

  /** Somebody is no part of the minimum. */
  get #someMayLeave(): boolean {
    const { tenants, workers, due, minimum } = this.#core;
    return workers.staying - due.size > minimum || (tenants !== undefined && tenants.bound > 0);
  }

  /** The worker of a tenant is no part of the minimum, whoever else is there. */
  #mayLeave(worker: Worker): boolean {
    const { workers, due, minimum } = this.#core;
    return worker.tenant !== undefined || workers.staying - due.size > minimum;
  }

  /** It gets no more tasks. */
  #standDown(worker: Worker): void {
    if (worker.code === STOPPING) return;
    this.#core.workers.transition(worker, RETIRE);
    this.#core.due.delete(worker);
    this.#core.tenants?.release(worker);
  }

  #take(worker: Worker, step: StopStep): void {
    worker.stopStep = step;
    if (step === 'draining') return;
    const graceful = step !== 'killed';
    worker.livenessAt = Infinity;
    worker.stepDeadline = graceful ? this.#core.now + this.#core.options.killGrace : Infinity;
    this.#core.arm(worker.stepDeadline);
    this.#core.effects.stopWorker(worker.id, step, worker.reason as RetireReason);
  }
}
