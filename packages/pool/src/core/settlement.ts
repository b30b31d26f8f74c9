import type { CoreState } from './core-state.js';
import type { TaskOutcome } from './effects.js';
import { SETTLE } from './task-state.js';

const NONE = -1;

/** How tasks end: their callers are told once, and once no worker holds them their key and their slot are free. */
export class Settlement {
  readonly #core: CoreState;

  constructor(core: CoreState) {
    this.#core = core;
  }

  /** The caller learns the outcome; the slot stays as long as a worker holds the task. */
  tell(task: number, outcome: TaskOutcome, started: boolean): void {
    this.#core.tally.ended(outcome);
    this.#core.effects.settleTask(task, outcome, started);
  }

  /** The task ends, and nobody holds it any more. */
  finish(task: number, outcome: TaskOutcome, started: boolean): void {
    this.#core.tasks.transition(task, SETTLE);
    this.tell(task, outcome, started);
    this.#release(task);
  }

  /** Nobody holds a task any more whose caller has been told. */
  end(task: number): void {
    this.#core.tasks.transition(task, SETTLE);
    this.#release(task);
  }

  /** The caller of a task that was to run again once its worker lets go of it no longer waits for that. */
  giveUpRetry(task: number, outcome: TaskOutcome): void {
    const extras = this.#core.tasks.extras[task];
    if (extras?.retryWhenReleased !== true) return;
    extras.retryWhenReleased = false;
    this.tell(task, outcome, true);
  }

  /** Ends a task that waits, or all items of a batch that were not drawn yet. */
  settleWaiting(task: number, outcome: Exclude<TaskOutcome, 'succeeded'>): void {
    const { tasks, waiting, effects, tally } = this.#core;
    waiting.remove(task);
    const extras = tasks.extras[task];
    if (extras?.sizes === undefined) {
      this.finish(task, outcome, extras?.begun ?? false);
      return;
    }
    const { drawn, count } = extras;
    extras.count = drawn;
    tally.ended(outcome, count - drawn);
    effects.settleRest(task, drawn, outcome);
    if (extras.live === 0) this.end(task);
  }

  #release(task: number): void {
    const { tasks, waiting, tenants } = this.#core;
    const extras = tasks.extras[task];
    if (extras !== undefined) {
      waiting.releaseKey(task);
      if (extras.batch !== NONE) this.#itemEnded(extras.batch);
    }
    if (tenants !== undefined) tenants.part(task);
    tasks.free(task);
  }

  #itemEnded(batch: number): void {
    const extras = this.#core.tasks.extrasOf(batch);
    extras.live--;
    if (extras.live === 0 && extras.drawn === extras.count) this.end(batch);
  }
}
