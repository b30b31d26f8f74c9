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

  /** The worker gets no more tasks; `step` says how hard it is told. A worker that is leaving already can only be told harder. */
  retire(worker: Worker, reason: RetireReason, order: { step: StopStep; now: number }): void {
    if (worker.reason === null) {
      this.#core.workers.transition(worker, 'retire');
      worker.reason = reason;
      this.#core.due.delete(worker);
      worker.livenessAt = Infinity;
    }
    const drained = worker.inFlight.length === 0;
    this.#step(worker, order.step === 'draining' && drained ? 'asked' : order.step, order.now);
  }

  /** A stopping worker has finished what it held. */
  drained(worker: Worker, now: number): void {
    if (worker.stopStep === 'draining') this.#step(worker, 'asked', now);
  }

  /** The grace of the present step is over. */
  graceOver(worker: Worker, now: number): void {
    const harder = worker.stopStep === null ? null : HARDER_STEP[worker.stopStep];
    if (harder !== null) this.#step(worker, harder, now);
  }

  /** Workers above the maximum, and idle ones above the minimum whose time is over. */
  retireSurplus(now: number): void {
    const { workers, options } = this.#core;
    const maxWorkers = this.#core.maxWorkers + this.#core.surge;
    while (workers.staying > maxWorkers) {
      const worker = workers.idle[0] ?? workers.starting[0] ?? workers.busy[0];
      if (worker === undefined) break;
      this.retire(worker, 'resized', { step: 'draining', now });
    }
    for (let worker = workers.idle[0]; worker !== undefined; worker = workers.idle[0]) {
      if (workers.staying <= this.#core.minWorkers) break;
      const leavesAt = worker.idleSince + options.idleTimeout;
      if (leavesAt > now) {
        this.#core.arm(leavesAt);
        break;
      }
      this.retire(worker, 'idle', { step: 'draining', now });
    }
  }

  /** Workers that are due leave once enough others are warm, or where there is no room to warm a successor first. */
  retireDue(now: number): void {
    const { due, workers, minWorkers } = this.#core;
    for (const worker of due) {
      let fresh = 0;
      for (const other of workers) if (other.reason === null && other.everReady && !due.has(other)) fresh++;
      if (fresh < minWorkers && this.#core.room > 0) return;
      this.retire(worker, worker.due as RetireReason, { step: 'draining', now });
    }
  }

  /** The worker should leave when that delays no task. */
  makeDue(worker: Worker, reason: RetireReason): void {
    if (worker.reason !== null || worker.due !== null) return;
    worker.due = reason;
    this.#core.due.add(worker);
  }

  #step(worker: Worker, step: StopStep, now: number): void {
    if (!canStep(worker.stopStep, step)) return;
    worker.stopStep = step;
    const graceful = step === 'asked' || step === 'terminated';
    worker.stepDeadline = graceful ? now + this.#core.options.killGrace : Infinity;
    this.#core.arm(worker.stepDeadline);
    if (step !== 'draining') this.#core.effects.stopWorker(worker.id, step, worker.reason as RetireReason);
  }
}
