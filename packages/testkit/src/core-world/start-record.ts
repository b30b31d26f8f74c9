import type { CoreTuning } from '@ostler/pool/core';

/** What failed starts must lead to: the back-off as the contract describes it. */
export class StartRecord {
  failures = 0;
  until = -Infinity;
  /** A start has failed in the present event. */
  failedNow = false;
  readonly #tuning: CoreTuning;

  constructor(tuning: CoreTuning) {
    this.#tuning = tuning;
  }

  get broken(): boolean {
    return this.failures >= this.#tuning.maxStartFailures;
  }

  succeeded(): void {
    this.failures = 0;
    this.until = -Infinity;
  }

  failed(now: number, forGood: boolean): void {
    this.failures++;
    this.failedNow = true;
    if (forGood) this.failures = Math.max(this.failures, this.#tuning.maxStartFailures);
    this.until = now + Math.min(this.#tuning.firstBackoff * 2 ** (this.failures - 1), this.#tuning.maxBackoff);
  }

  diedUnused(now: number): void {
    this.until = Math.max(this.until, now + this.#tuning.firstBackoff);
  }
}
