import type { CoreTuning } from './options.js';
import type { Worker } from './worker.js';

/** Weight of a new sample in the moving mean. */
const MEAN_WEIGHT = 0.1;
/** Milliseconds; the clock may not tell two reads apart. */
const SHORTEST = 1e-4;

/**
 * What one task costs a worker, learned from the replies: a moving mean, for sizing and for sending ahead. The mean, not a
 * high percentile: one slow task in ten makes it large as well, while a percentile of what is seen from outside follows the
 * waits for a CPU on a busy machine, falls back to one task at a time just there, and then sees nothing but such waits.
 */
export class ServiceTime {
  readonly #tuning: CoreTuning;
  #mean = 0;
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
    this.#mean = this.#mean === 0 ? cost : this.#mean + MEAN_WEIGHT * (cost - this.#mean);
    const { committedTime, transferTime, maxDepth } = this.#tuning;
    this.#depth = Math.min(maxDepth, Math.ceil((committedTime + this.#meanBytes * transferTime) / this.#mean));
  }
}
