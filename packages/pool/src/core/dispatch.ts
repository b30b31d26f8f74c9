import type { CoreState } from './core-state.js';
import type { RetryCause, TaskOutcome } from './effects.js';
import type { Stopping } from './stopping.js';
import { TASK_STATE_CODE } from './task-state.js';
import type { Worker } from './worker.js';
import type { RetireReason } from './worker-state.js';

const NONE = -1;
const { sent: SENT, cancelling: CANCELLING } = TASK_STATE_CODE;

/** How a worker answered: its terminal frame, or `not-started` for a task that it gave back before it began,
 * `damaged` for a frame that cannot be trusted. */
export type ReplyKind = 'succeeded' | 'failed' | 'failed-memory' | 'not-started' | 'damaged';

/** Which of a dead worker's tasks may have begun. */
export interface Blame {
  /** The task that it began last, as its ledger says; undefined where there is none: then the oldest may have begun. */
  startedId?: number | undefined;
  /** It died of an error that the task it ran had nothing to do with. */
  innocent?: boolean;
  /** It was killed by the limit of memory. */
  memory?: boolean;
}

/** Tasks on their way: sent, begun, cancelled, answered, lost with their worker, retried, settled. */
export class Dispatch {
  readonly #core: CoreState;
  readonly #stopping: Stopping;
  readonly #parallel: boolean;

  constructor(core: CoreState, stopping: Stopping) {
    this.#core = core;
    this.#stopping = stopping;
    this.#parallel = core.options.concurrency > 1;
  }

  /** Takes the head of the queue (or the next item of the batch there) and gives it to the worker. */
  sendHead(head: number, worker: Worker, now: number): void {
    const { tasks, waiting, effects, workers } = this.#core;
    let task = head;
    if (tasks.isBatch(head)) {
      task = tasks.draw(head);
      waiting.drawn(head, task);
      effects.drawTask(head, tasks.extrasOf(head).drawn - 1, task);
    } else {
      waiting.take(head);
    }
    tasks.transition(task, 'send');
    tasks.worker[task] = worker.id;
    workers.transition(worker, 'assign');
    worker.inFlight.push(task);
    worker.inFlightBytes += tasks.bytes[task] as number;
    if (this.#parallel || worker.inFlight.length === 1) this.#begin(worker, task, now);
    else if (worker.inFlight.length === 2) this.#armRecall(worker, now);
    effects.sendTask(worker.id, task);
  }

  /** The worker's terminal frame for a task that it holds. */
  reply(worker: Worker, task: number, answer: { kind: ReplyKind; now: number }): void {
    const { tasks, workers, serviceTime } = this.#core;
    const { kind, now } = answer;
    const index = worker.inFlight.remove(task);
    if (index < 0) throw new Error(`worker ${worker.id} does not hold task ${task}`);
    worker.inFlightBytes -= tasks.bytes[task] as number;
    workers.transition(worker, 'settle');
    worker.stoppedLooks = 0;
    if (kind !== 'not-started') {
      worker.tasksDone++;
      serviceTime.reply(worker, tasks.startedAt[task] as number, now);
    }
    this.#answered(task, kind, now);
    if (worker.inFlight.length === 0) this.#nothingRuns(worker);
    else if (this.#parallel) this.#armRun(worker);
    else if (index === 0) this.#begin(worker, worker.inFlight.at(0), now);
  }

  /** The worker is gone: what it may have begun is lost, the rest goes back to its place in the queue. */
  lost(worker: Worker, blame: Blame, now: number): void {
    for (let i = worker.inFlight.length - 1; i >= 0; i--) {
      const task = worker.inFlight.at(i);
      if (!this.#mayHaveBegun(worker, i, blame)) this.#giveBack(task, i === 0, now);
      else this.#lostRunning(task, blame, now);
    }
  }

  /** The caller no longer waits; the worker is told, and has its grace once it runs the task. */
  cancel(worker: Worker, task: number, order: { outcome: TaskOutcome; now: number }): void {
    const { tasks, effects } = this.#core;
    const begun = this.hasBegun(worker, task);
    tasks.transition(task, 'cancel');
    this.#settle(task, order.outcome, begun);
    if (worker.abilities.cancel) effects.cancelTask(worker.id, task);
    if (begun) this.#armGrace(worker, task, order.now);
  }

  hasBegun(worker: Worker, task: number): boolean {
    return this.#parallel || worker.inFlight.at(0) === task;
  }

  /** Run times and graces that are over. */
  runDeadline(worker: Worker, now: number): void {
    const { tasks } = this.#core;
    const running = this.#parallel ? worker.inFlight.length : 1;
    for (let i = 0; i < running; i++) {
      const task = worker.inFlight.at(i);
      if ((tasks.deadline[task] as number) > now) continue;
      if (tasks.state[task] === CANCELLING) {
        const reason: RetireReason = tasks.extras[task]?.timedOut === true ? 'timeout' : 'aborted';
        this.#stopping.retire(worker, reason, { step: 'terminated', now });
        tasks.deadline[task] = Infinity;
      } else {
        this.#timeOut(worker, task, now);
      }
    }
    this.#armRun(worker);
  }

  /** The head has been running for long: what waits behind it inside the worker is asked back. */
  recall(worker: Worker): void {
    const { tasks, effects } = this.#core;
    worker.recallAt = Infinity;
    if (!worker.abilities.recall || !worker.abilities.cancel) return;
    for (let i = 1; i < worker.inFlight.length; i++) {
      const task = worker.inFlight.at(i);
      if (tasks.state[task] === SENT) effects.cancelTask(worker.id, task);
    }
  }

  /** Ends a task that waits. */
  settleWaiting(task: number, outcome: Exclude<TaskOutcome, 'succeeded'>): void {
    const { tasks, waiting, effects, tally } = this.#core;
    waiting.remove(task);
    if (!tasks.isBatch(task)) {
      const begunBefore = (tasks.extras[task]?.failures ?? 0) > 0;
      tasks.transition(task, 'settle');
      tally.ended(outcome);
      effects.settleTask(task, outcome, begunBefore);
      this.#release(task);
      return;
    }
    const batch = tasks.extrasOf(task);
    const rest = batch.count - batch.drawn;
    batch.count = batch.drawn;
    tally.ended(outcome, rest);
    effects.settleRest(task, batch.drawn, outcome);
    if (batch.live === 0) this.#endBatch(task);
  }

  /** Ends a task that a worker holds, at once and for good; the worker is told nothing. */
  settleSent(worker: Worker, task: number, outcome: TaskOutcome): void {
    const { tasks } = this.#core;
    const begun = this.hasBegun(worker, task);
    tasks.transition(task, 'cancel');
    this.#settle(task, outcome, begun);
  }

  #begin(worker: Worker, task: number, now: number): void {
    const { tasks, tuning } = this.#core;
    tasks.startedAt[task] = now;
    worker.headStartedAt = now;
    worker.livenessAt = worker.reason === null ? now + tuning.inspectInterval : Infinity;
    this.#core.arm(worker.livenessAt);
    if (tasks.state[task] === CANCELLING) this.#armGrace(worker, task, now);
    else tasks.deadline[task] = now + (tasks.timeout[task] as number);
    this.#armRun(worker);
    this.#armRecall(worker, now);
  }

  #nothingRuns(worker: Worker): void {
    worker.runDeadline = Infinity;
    worker.recallAt = Infinity;
  }

  #armRun(worker: Worker): void {
    const { deadline } = this.#core.tasks;
    const running = this.#parallel ? worker.inFlight.length : Math.min(1, worker.inFlight.length);
    let earliest = Infinity;
    for (let i = 0; i < running; i++) earliest = Math.min(earliest, deadline[worker.inFlight.at(i)] as number);
    worker.runDeadline = earliest;
    this.#core.arm(earliest);
  }

  #armGrace(worker: Worker, task: number, now: number): void {
    const grace = worker.abilities.cancel ? this.#core.options.killGrace : 0;
    this.#core.tasks.deadline[task] = now + grace;
    this.#armRun(worker);
  }

  #armRecall(worker: Worker, now: number): void {
    if (!worker.abilities.recall || this.#parallel || worker.inFlight.length < 2) {
      worker.recallAt = Infinity;
      return;
    }
    worker.recallAt = now + this.#core.tuning.recallAfter;
    this.#core.arm(worker.recallAt);
  }

  #answered(task: number, kind: ReplyKind, now: number): void {
    const { tasks } = this.#core;
    const cancelled = tasks.state[task] === CANCELLING;
    if (cancelled && tasks.extras[task]?.retryWhenReleased === true) this.#requeueLater(task, now);
    else if (cancelled) this.#end(task);
    else if (kind === 'succeeded') this.#finish(task, 'succeeded', true);
    else if (kind === 'not-started') this.#requeue(task);
    else if (kind === 'damaged') this.#finish(task, 'protocol-error', true);
    else if (!this.#retried(task, kind === 'failed-memory' ? 'memory' : 'failure', now))
      this.#finish(task, 'failed', true);
  }

  #mayHaveBegun(worker: Worker, index: number, blame: Blame): boolean {
    if (this.#parallel) return true;
    if (index > 0) return false;
    const id = this.#core.tasks.id[worker.inFlight.at(index)] as number;
    return blame.startedId === undefined || blame.startedId === id;
  }

  /** The worker died before it began the task. One that loses its worker as the next in line again and again is reported: something kills workers before they begin it. */
  #giveBack(task: number, next: boolean, now: number): void {
    const { tasks, tuning } = this.#core;
    if (tasks.state[task] === CANCELLING) {
      if (tasks.extras[task]?.retryWhenReleased === true) this.#requeueLater(task, now);
      else this.#end(task);
      return;
    }
    if (next && ++tasks.extrasOf(task).bounces >= tuning.maxBounces) this.#finish(task, 'crashed', false);
    else this.#requeue(task);
  }

  #lostRunning(task: number, blame: Blame, now: number): void {
    const { tasks } = this.#core;
    if (tasks.state[task] === CANCELLING) {
      if (tasks.extras[task]?.retryWhenReleased === true) this.#requeueLater(task, now);
      else this.#end(task);
      return;
    }
    const policy = tasks.extras[task]?.retries;
    const cause: RetryCause = blame.memory === true ? 'memory' : 'crash';
    if (blame.innocent === true && policy?.on.includes('crash') === true) {
      this.#core.tally.tasks.retried++;
      this.#core.effects.retryTask(task, 'crash', false);
      this.#requeue(task);
      return;
    }
    if (blame.innocent !== true && policy !== undefined && ++tasks.extrasOf(task).crashes > 1) {
      this.#finish(task, 'poison', true);
    } else if (!this.#retried(task, cause, now)) {
      this.#finish(task, 'crashed', true);
    }
  }

  /** True if the task gets another attempt: its policy, its attempts and the pool's budget allow it. */
  #retried(task: number, cause: RetryCause, now: number): boolean {
    if (!this.#mayRetry(task, cause, now)) return false;
    this.#core.effects.retryTask(task, cause, true);
    this.#requeueLater(task, now);
    return true;
  }

  #mayRetry(task: number, cause: RetryCause, now: number): boolean {
    const extras = this.#core.tasks.extras[task];
    if (extras?.retries === undefined || this.#core.closing === 'now') return false;
    if (!extras.retries.on.includes(cause) || extras.failures >= extras.retries.attempts) return false;
    if (!this.#core.budget.spend(now)) return false;
    extras.failures++;
    this.#core.tally.tasks.retried++;
    return true;
  }

  #timeOut(worker: Worker, task: number, now: number): void {
    const { tasks, effects } = this.#core;
    tasks.extrasOf(task).timedOut = true;
    if (!this.#mayRetry(task, 'timeout', now)) {
      this.cancel(worker, task, { outcome: 'timed-out-running', now });
      return;
    }
    effects.retryTask(task, 'timeout', true);
    tasks.extrasOf(task).retryWhenReleased = true;
    tasks.transition(task, 'cancel');
    if (worker.abilities.cancel) effects.cancelTask(worker.id, task);
    this.#armGrace(worker, task, now);
  }

  #requeue(task: number): void {
    const { tasks, waiting } = this.#core;
    tasks.transition(task, 'requeue');
    tasks.worker[task] = NONE;
    waiting.restore(task);
  }

  /** Back to the queue after the back-off of its retries, which doubles with each attempt. */
  #requeueLater(task: number, now: number): void {
    const { tasks, waiting } = this.#core;
    const extras = tasks.extrasOf(task);
    extras.retryWhenReleased = false;
    extras.timedOut = false;
    const backoff = (extras.retries?.backoff ?? 0) * 2 ** Math.min(30, Math.max(0, extras.failures - 1));
    if (backoff === 0) {
      this.#requeue(task);
      return;
    }
    tasks.transition(task, 'requeue');
    tasks.worker[task] = NONE;
    waiting.delay(task, now + backoff);
  }

  /** The caller learns the outcome; the slot stays as long as a worker holds the task. */
  #settle(task: number, outcome: TaskOutcome, started: boolean): void {
    this.#core.tally.ended(outcome);
    this.#core.effects.settleTask(task, outcome, started);
  }

  #finish(task: number, outcome: TaskOutcome, started: boolean): void {
    this.#core.tasks.transition(task, 'settle');
    this.#settle(task, outcome, started);
    this.#release(task);
  }

  /** Nobody holds a task any more whose caller has been told. */
  #end(task: number): void {
    this.#core.tasks.transition(task, 'settle');
    this.#release(task);
  }

  #release(task: number): void {
    const { tasks, waiting } = this.#core;
    const extras = tasks.extras[task];
    if (extras !== undefined) {
      waiting.releaseKey(task);
      const { batch } = extras;
      if (batch !== NONE && --tasks.extrasOf(batch).live === 0 && tasks.undrawn(batch) === 0) this.#endBatch(batch);
    }
    tasks.free(task);
  }

  #endBatch(batch: number): void {
    this.#core.waiting.releaseKey(batch);
    this.#core.tasks.transition(batch, 'settle');
    this.#core.tasks.free(batch);
  }
}
