import type { CoreTuning } from './options.js';

/** Failed starts in a row put off the next one, twice as long each time. */
export class StartBackoff {
  readonly #tuning: CoreTuning;
  #failures = 0;
  /** No start before this time. */
  until = -Infinity;

  constructor(tuning: CoreTuning) {
    this.#tuning = tuning;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Too many starts failed in a row: from now on one probe per back-off, and only for a task that waits. */
  get broken(): boolean {
    return this.#failures >= this.#tuning.maxStartFailures;
  }

  succeeded(): void {
    this.#failures = 0;
    this.until = -Infinity;
  }

  failed(now: number): void {
    this.#failures++;
    const delay = this.#tuning.firstBackoff * 2 ** Math.min(this.#failures - 1, 30);
    this.until = now + Math.min(delay, this.#tuning.maxBackoff);
  }

  /** The command can't run at all: trying again at once is useless. */
  failedForGood(now: number): void {
    this.#failures = Math.max(this.#failures, this.#tuning.maxStartFailures - 1);
    this.failed(now);
  }

  /** A worker that was ready died unused: no failed start, but no reason to hurry either. */
  diedUnused(now: number): void {
    this.until = Math.max(this.until, now + this.#tuning.firstBackoff);
  }
}
