import type { CoreState } from './core-state.js';

/** Starts workers: the minimum always, more under pressure, one probe at a time after failures. */
export class Growth {
  readonly #core: CoreState;
  /** Since when a worker has been warm: what waited only for a cold start is no pressure. */
  #warmSince = Infinity;

  constructor(core: CoreState) {
    this.#core = core;
  }

  /** A worker became ready or left. */
  workersChanged(now: number): void {
    if (this.#core.workers.warm === 0) this.#warmSince = Infinity;
    else if (this.#warmSince === Infinity) this.#warmSince = now;
  }

  /** Starts what is wanted, as far as there is room and the back-off allows. */
  grow(now: number): void {
    const { workers, backoff, options } = this.#core;
    if (this.#core.room <= 0) return;
    const wanted = this.#wanted(now);
    if (wanted <= 0) return;
    if (backoff.until > now) {
      this.#core.arm(backoff.until);
      return;
    }
    const atOnce = backoff.failures > 0 ? 1 : options.maxStarting;
    const count = Math.min(wanted, this.#core.room, atOnce - workers.starting.length);
    for (let i = 0; i < count; i++) this.#start(now);
  }

  #wanted(now: number): number {
    const { workers, waiting, backoff } = this.#core;
    const missing = this.#missing();
    if (waiting.runnable === 0) return backoff.broken && workers.staying === 0 ? 0 : missing;
    if (workers.staying === 0) return Math.max(1, missing);
    if (workers.warm === 0) return missing;
    return Math.max(missing, this.#pressure(now));
  }

  /** Workers below the minimum; those that are due to leave do not count. */
  #missing(): number {
    if (this.#core.closing !== false) return 0;
    return this.#core.minWorkers - (this.#core.workers.staying - this.#core.due.size);
  }

  /** Workers that would shorten the predicted wait: the larger of what the oldest task has waited and what the backlog will take. */
  #pressure(now: number): number {
    const { workers, waiting, serviceTime, tasks, tuning, options } = this.#core;
    if (this.#core.paused) return 0;
    let unstarted = waiting.runnable;
    let service = serviceTime.mean;
    for (const worker of workers.busy) {
      if (options.concurrency === 1) unstarted += worker.inFlight.length - 1;
      service = Math.max(service, now - (tasks.startedAt[worker.inFlight.at(0)] as number));
    }
    const waitedSince = Math.max(waiting.oldestQueuedAt, this.#warmSince);
    const predicted = Math.max(now - waitedSince, (unstarted * service) / workers.warm);
    if (predicted >= tuning.growthWait) return unstarted - workers.starting.length;
    this.#core.arm(waitedSince + tuning.growthWait);
    return 0;
  }

  #start(now: number): void {
    const { workers, options, effects, tally } = this.#core;
    const worker = workers.add(now);
    tally.started++;
    worker.stepDeadline = now + options.startTimeout;
    this.#core.arm(worker.stepDeadline);
    effects.startWorker(worker.id, worker.slot);
  }
}
