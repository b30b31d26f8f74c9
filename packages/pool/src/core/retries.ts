import type { CoreState } from './core-state.js';
import type { RetryCause } from './effects.js';
import { REQUEUE } from './task-state.js';

const NONE = -1;
/** Back-offs stop doubling after so many attempts. */
const MAX_DOUBLINGS = 30;

/** How tasks go back to the queue: uncharged to their place, or for another attempt that their policy and the pool's budget grant. */
export class Retries {
  readonly #core: CoreState;

  constructor(core: CoreState) {
    this.#core = core;
  }

  /** True if the task may have another attempt; the budget has paid for it. */
  granted(task: number, cause: RetryCause): boolean {
    const extras = this.#core.tasks.extras[task];
    if (extras?.retries === undefined || this.#core.closing === 'now') return false;
    const { on, attempts } = extras.retries;
    if (!on.includes(cause) || extras.failures >= attempts) return false;
    return this.#core.budget.spend(this.#core.now);
  }

  /** Another attempt, charged to the task, after the back-off of its policy, which doubles with each. */
  again(task: number, cause: RetryCause): void {
    const { tasks, waiting, effects, tally } = this.#core;
    const extras = tasks.extrasOf(task);
    extras.failures++;
    extras.begun = true;
    extras.timedOut = false;
    extras.retryWhenReleased = false;
    tally.tasks.retried++;
    effects.retryTask(task, cause, true);
    const backoff = (extras.retries?.backoff ?? 0) * 2 ** Math.min(MAX_DOUBLINGS, extras.failures - 1);
    this.#leaveWorker(task);
    if (backoff === 0) waiting.restore(task);
    else waiting.delay(task, this.#core.now + backoff);
  }

  /** Another attempt that costs the task nothing: it was running, but its worker did not die of it. */
  absolve(task: number): void {
    const { tasks, effects, tally } = this.#core;
    tasks.extrasOf(task).begun = true;
    tally.tasks.retried++;
    effects.retryTask(task, 'crash', false);
    this.giveBack(task);
  }

  /** Back to its place, as if it had never been sent. */
  giveBack(task: number): void {
    this.#leaveWorker(task);
    this.#core.waiting.restore(task);
  }

  #leaveWorker(task: number): void {
    const { tasks } = this.#core;
    tasks.transition(task, REQUEUE);
    tasks.worker[task] = NONE;
    tasks.startedAt[task] = 0;
  }
}
