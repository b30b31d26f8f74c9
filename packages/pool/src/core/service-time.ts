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

  constructor(tuning: CoreTuning) {
    this.#tuning = tuning;
  }

  /** Mean milliseconds of a task; 0 until one was seen. */
  get mean(): number {
    return this.#mean;
  }

  /** Tasks that one worker may hold: as many as begin within the committed time, 1 until a service time is known. */
  get depth(): number {
    if (this.#mean === 0) return 1;
    return Math.min(this.#tuning.maxDepth, Math.ceil(this.#tuning.committedTime / this.#mean));
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
    const cost = Math.max(elapsed, SHORTEST);
    this.#mean = this.#mean === 0 ? cost : this.#mean + MEAN_WEIGHT * (cost - this.#mean);
  }
}
