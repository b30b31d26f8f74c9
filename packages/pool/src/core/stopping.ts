import type { CoreState } from './core-state.js';
import { canStep, HARDER_STEP, type StopStep } from './stop-step.js';
import type { Worker } from './worker.js';
import type { RetireReason } from './worker-state.js';

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
  retire(worker: Worker, reason: RetireReason, order: { step: StopStep; now: number }): void {
    const step = order.step === 'draining' && worker.inFlight.length === 0 ? 'asked' : order.step;
    if (!canStep(worker.stopStep, step)) return;
    if (worker.reason === null) {
      this.#core.workers.transition(worker, 'retire');
      this.#core.due.delete(worker);
    }
    if (worker.untold) worker.reason = reason;
    this.#take(worker, step, order.now);
  }

  /** A stopping worker has finished what it held. */
  drained(worker: Worker, now: number): void {
    if (worker.stopStep === 'draining') this.#take(worker, 'asked', now);
  }

  /** The grace of the present step is over. */
  graceOver(worker: Worker, now: number): void {
    const harder = worker.stopStep === null ? null : HARDER_STEP[worker.stopStep];
    if (harder !== null) this.#take(worker, harder, now);
  }

  /** Workers above the maximum, and idle ones above the minimum whose time is over. */
  retireSurplus(now: number): void {
    const { workers } = this.#core;
    const maxWorkers = this.#core.maxWorkers + this.#core.surge;
    while (workers.staying > maxWorkers) {
      const worker = workers.idle[0] ?? workers.starting[0] ?? (workers.busy[0] as Worker);
      this.retire(worker, 'resized', { step: 'draining', now });
    }
    if (workers.idle.length > 0) this.#retireIdle(now);
  }

  /** Workers that are due leave once enough others are warm, or where there is no room to warm a successor first. */
  retireDue(now: number): void {
    const { due, workers, minWorkers } = this.#core;
    let fresh = workers.warm;
    for (const worker of due) if (worker.everReady) fresh--;
    if (fresh < minWorkers && this.#core.room > 0) return;
    for (const worker of due) this.retire(worker, worker.due as RetireReason, { step: 'draining', now });
  }

  /** The worker should leave when that delays no task. */
  makeDue(worker: Worker, reason: RetireReason): void {
    if (worker.reason !== null || worker.due !== null) return;
    worker.due = reason;
    this.#core.due.add(worker);
  }

  /** Least recently used first. Who is due waits for a successor and is no part of the minimum. */
  #retireIdle(now: number): void {
    const { workers, options, due, minWorkers } = this.#core;
    let next = 0;
    while (next < workers.idle.length && workers.staying - due.size > minWorkers) {
      const worker = workers.idle[next] as Worker;
      const leavesAt = worker.idleSince + options.idleTimeout;
      if (worker.due !== null) next++;
      else if (leavesAt <= now) this.retire(worker, 'idle', { step: 'draining', now });
      else {
        this.#core.arm(leavesAt);
        return;
      }
    }
  }

  #take(worker: Worker, step: StopStep, now: number): void {
    worker.stopStep = step;
    if (step === 'draining') return;
    const graceful = step !== 'killed';
    worker.livenessAt = Infinity;
    worker.stepDeadline = graceful ? now + this.#core.options.killGrace : Infinity;
    this.#core.arm(worker.stepDeadline);
    this.#core.effects.stopWorker(worker.id, step, worker.reason as RetireReason);
  }
}
