import type { CoreTuning } from './options.js';
import type { Worker } from './worker.js';

/** Weight of a new sample in the moving mean. */
const MEAN_WEIGHT = 0.1;
/** The high percentile of service time that the depth follows. */
const PERCENTILE = 0.95;
/** Relative step of the percentile's estimate per sample. */
const STEP = 0.2;

/**
 * What one task costs a worker, learned from the replies: a moving mean for sizing and a high percentile for sending
 * ahead. The percentile is a multiplicative form of the frugal streaming estimator (Ma, Muthukrishnan, Sandler 2013):
 * one number, up fast and down slowly.
 */
export class ServiceTime {
  readonly #tuning: CoreTuning;
  #mean = 0;
  #high = Infinity;

  constructor(tuning: CoreTuning) {
    this.#tuning = tuning;
  }

  /** Mean milliseconds of a task; 0 until one was seen. */
  get mean(): number {
    return this.#mean;
  }

  /** Tasks that one worker may hold: as many as fit in the committed time, 1 until a service time is known. */
  get depth(): number {
    const fits = Math.floor(this.#tuning.committedTime / this.#high);
    return Math.max(1, Math.min(this.#tuning.maxDepth, fits));
  }

  /** One reply came at `now`, to a task that began (as far as known) at `startedAt`. Replies of one read are one sample. */
  reply(worker: Worker, startedAt: number, now: number): void {
    if (now === worker.lastReadAt) {
      worker.repliesInRead++;
      return;
    }
    if (worker.repliesInRead > 0) this.#sample((worker.lastReadAt - worker.previousReadAt) / worker.repliesInRead);
    worker.previousReadAt = Math.max(startedAt, worker.lastReadAt);
    worker.lastReadAt = now;
    worker.repliesInRead = 1;
  }

  #sample(elapsed: number): void {
    const cost = Math.max(elapsed, 1e-4);
    this.#mean += MEAN_WEIGHT * (cost - this.#mean);
    if (this.#high === Infinity) this.#high = cost;
    else if (cost > this.#high) this.#high = Math.min(cost, this.#high * (1 + STEP * PERCENTILE));
    else this.#high = Math.max(cost, this.#high * (1 - STEP * (1 - PERCENTILE)));
  }
}
