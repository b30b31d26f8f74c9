/** Retries that are always granted, and the share of submitted tasks that adds to them. */
const RESERVE = 100;
const PER_TASK = 0.2;
const PER_SECOND = 10;

/**
 * Bounds what retries may add to the load, so that a storm of failures does not amplify itself: a token bucket that
 * submitted tasks and time refill (the retry budget of Finagle).
 */
export class RetryBudget {
  #tokens = RESERVE;
  #at = 0;

  submitted(count: number): void {
    this.#tokens = Math.min(RESERVE, this.#tokens + count * PER_TASK);
  }

  /** True if one more retry is within the budget. */
  spend(now: number): boolean {
    const elapsed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(RESERVE, this.#tokens + (elapsed / 1_000) * PER_SECOND);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
