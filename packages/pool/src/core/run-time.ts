import type { CoreState } from './core-state.js';
import type { TaskOutcome } from './effects.js';
import type { Retries } from './retries.js';
import type { Settlement } from './settlement.js';
import type { Stopping } from './stopping.js';
import { CANCEL, CANCELLING, SENT } from './task-state.js';
import type { Worker } from './worker.js';

/** The time that tasks spend in a worker: when they begin, when they are over time, and what a worker that does not let go has to expect. */
export class RunTime {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  readonly #settlement: Settlement;
  readonly #retries: Retries;
  readonly #parallel: boolean;

  constructor(core: CoreState, parts: { stopping: Stopping; settlement: Settlement; retries: Retries }) {
    this.#core = core;
    this.#stopping = parts.stopping;
    this.#settlement = parts.settlement;
    this.#retries = parts.retries;
    this.#parallel = core.options.concurrency > 1;
  }

  /** The worker runs the task from now on, as far as can be known. */
  begin(worker: Worker, task: number): void {
    const { tasks, tuning, now } = this.#core;
    tasks.startedAt[task] = now;
    worker.headStartedAt = now;
    if (worker.untold) {
      worker.livenessAt = now + tuning.inspectInterval;
      this.#core.arm(worker.livenessAt);
    }
    if (tasks.state[task] === CANCELLING) this.#armGrace(worker, task);
    else tasks.deadline[task] = now + (tasks.timeout[task] as number);
    this.armRun(worker);
    this.armRecall(worker);
  }

  /** The worker runs nothing. */
  rest(worker: Worker): void {
    worker.runDeadline = Infinity;
    worker.recallAt = Infinity;
  }

  /** Arms the worker's deadline: that of the first of its running tasks that is over time. */
  armRun(worker: Worker): void {
    const { deadline } = this.#core.tasks;
    const running = this.#runningOf(worker);
    let earliest = Infinity;
    for (let i = 0; i < running; i++) earliest = Math.min(earliest, deadline[worker.inFlight.at(i)] as number);
    worker.runDeadline = earliest;
    this.#core.arm(earliest);
  }

  /** What waits inside the worker is asked back once its head turns out slow. */
  armRecall(worker: Worker): void {
    const waits = !this.#parallel && worker.inFlight.length > 1;
    if (!waits || !worker.abilities.recall) {
      worker.recallAt = Infinity;
      return;
    }
    worker.recallAt = worker.headStartedAt + this.#core.tuning.recallAfter;
    this.#core.arm(worker.recallAt);
  }

  /** True where the worker may have begun the task. */
  hasBegun(worker: Worker, task: number): boolean {
    return this.#parallel || worker.inFlight.at(0) === task;
  }

  /** The caller no longer waits; the worker is told, and has its grace once it runs the task. */
  cancel(worker: Worker, task: number, outcome: TaskOutcome): void {
    const begun = this.hasBegun(worker, task);
    this.#core.tasks.transition(task, CANCEL);
    this.#settlement.tell(task, outcome, begun || this.#begunBefore(task));
    this.#tellWorker(worker, task);
    if (begun) this.#armGrace(worker, task);
  }

  /** The caller no longer waits, and the worker is about to be killed. */
  abandon(worker: Worker, task: number, outcome: TaskOutcome): void {
    const begun = this.hasBegun(worker, task) || this.#begunBefore(task);
    this.#core.tasks.transition(task, CANCEL);
    this.#settlement.tell(task, outcome, begun);
  }

  /** Run times and graces that are over, and the patience with a slow head. */
  deadlineReached(worker: Worker): void {
    const { now } = this.#core;
    if (worker.runDeadline <= now) this.#overTime(worker);
    if (worker.recallAt <= now) this.#recall(worker);
  }

  #overTime(worker: Worker): void {
    const { tasks, now } = this.#core;
    const running = this.#runningOf(worker);
    for (let i = 0; i < running; i++) {
      const task = worker.inFlight.at(i);
      if ((tasks.deadline[task] as number) > now) continue;
      if (tasks.state[task] === SENT) {
        this.#timeOut(worker, task);
      } else {
        const reason = tasks.extras[task]?.timedOut === true ? 'timeout' : 'aborted';
        this.#stopping.retire(worker, reason, 'terminated');
        tasks.deadline[task] = Infinity;
      }
    }
    this.armRun(worker);
  }

  /** The task is over time: it is cancelled, and its caller told unless it may run again when the worker has let go of it. */
  #timeOut(worker: Worker, task: number): void {
    const extras = this.#core.tasks.extrasOf(task);
    extras.timedOut = true;
    if (!this.#retries.granted(task, 'timeout')) {
      this.cancel(worker, task, 'timed-out-running');
      return;
    }
    extras.retryWhenReleased = true;
    this.#core.tasks.transition(task, CANCEL);
    this.#tellWorker(worker, task);
    this.#armGrace(worker, task);
  }

  #recall(worker: Worker): void {
    const { tasks, effects } = this.#core;
    worker.recallAt = Infinity;
    for (let i = 1; i < worker.inFlight.length; i++) {
      const task = worker.inFlight.at(i);
      if (tasks.state[task] === SENT) effects.cancelTask(worker.id, task, 'unless-begun');
    }
  }

  #tellWorker(worker: Worker, task: number): void {
    if (worker.abilities.cancel) this.#core.effects.cancelTask(worker.id, task, 'at-once');
  }

  #armGrace(worker: Worker, task: number): void {
    const { tuning, options } = this.#core;
    const grace = worker.abilities.cancel ? (tuning.cancelGrace ?? options.killGrace) : 0;
    this.#core.tasks.deadline[task] = this.#core.now + grace;
    this.armRun(worker);
  }

  #begunBefore(task: number): boolean {
    return this.#core.tasks.extras[task]?.begun ?? false;
  }

  /** How many of the worker's tasks may run: all, or the oldest. */
  #runningOf(worker: Worker): number {
    return this.#parallel ? worker.inFlight.length : Math.min(1, worker.inFlight.length);
  }
}
