import type { CoreTuning } from './options.js';
import type { Worker } from './worker.js';

/** Weight of a new sample in the moving mean. */
const MEAN_WEIGHT = 0.1;
/** Milliseconds; the clock may not tell two reads apart. */
const SHORTEST = 1e-4;

/** Relative step of the median's estimate per sample. */
const STEP = 1.2;

/**
 * What one task costs a worker, learned from the replies: a moving mean for sizing; for sending ahead the median, and what tasks
 * add that are slow beyond doubt. Not a mean, nor a high percentile: on a busy machine they follow the waits for a CPU, fall back to
 * one task at a time just there, and then see nothing but such waits. The median is one number that goes up and down by the
 * same factor (a frugal streaming estimator: Ma, Muthukrishnan, Sandler 2013).
 */
export class ServiceTime {
  readonly #tuning: CoreTuning;
  #mean = 0;
  #median = 0;
  /** The moving mean of samples of which those that are not slow count 0. */
  #slow = 0;
  #meanBytes = 0;
  #depth = 1;

  constructor(tuning: CoreTuning) {
    this.#tuning = tuning;
  }

  /** Mean milliseconds of a task; 0 until one was seen. */
  get mean(): number {
    return this.#mean;
  }

  /**
   * Tasks that one worker may hold: as many as begin within the committed time, and within what the next body takes to get
   * there; 1 until a service time is known.
   */
  get depth(): number {
    return this.#depth;
  }

  /** One reply came at `now`, to a task of so many bytes that began (as far as known) at `startedAt`. Replies of one read are one sample. */
  reply(worker: Worker, { bytes, startedAt, now }: { bytes: number; startedAt: number; now: number }): void {
    this.#meanBytes += MEAN_WEIGHT * (bytes - this.#meanBytes);
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
    const cost = Math.max(elapsed, SHORTEST);
    const { committedTime, transferTime, maxDepth, recallAfter } = this.#tuning;
    this.#mean = this.#mean === 0 ? cost : this.#mean + MEAN_WEIGHT * (cost - this.#mean);
    this.#slow += MEAN_WEIGHT * ((cost < recallAfter ? 0 : cost) - this.#slow);
    if (this.#median === 0) this.#median = cost;
    else if (cost > this.#median) this.#median = Math.min(cost, this.#median * STEP);
    else this.#median = Math.max(cost, this.#median / STEP);
    const committed = committedTime + this.#meanBytes * transferTime;
    this.#depth = Math.min(maxDepth, Math.ceil(committed / (this.#median + this.#slow)));
  }
}
