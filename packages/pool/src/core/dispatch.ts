import type { CoreState } from './core-state.js';
import type { Retries } from './retries.js';
import type { RunTime } from './run-time.js';
import type { Settlement } from './settlement.js';
import type { Stopping } from './stopping.js';
import { CANCEL, CANCELLING, SEND } from './task-state.js';
import type { Worker } from './worker.js';
import { ASSIGN, type RetireReason, SETTLE } from './worker-state.js';

/**
 * How a worker answered: its terminal frame, or `not-started` for a task that it gave back before it began, `damaged` for a
 * frame that cannot be trusted.
 */
export type ReplyKind = 'succeeded' | 'failed' | 'failed-memory' | 'not-started' | 'damaged';

/** Which of a dead worker's tasks may have begun. */
export interface Blame {
  /** The task that it began last, as its ledger says (modulo 2^32, as on the wire); undefined where there is none: then the oldest may have begun. */
  startedId?: number | undefined;
  /** It died of an error that the task it ran had nothing to do with. */
  innocent?: boolean;
  /** It was killed by the limit of memory. */
  memory?: boolean;
}

/** A worker that we killed for one of these did not die of the tasks that it still held. */
const NOT_THEIR_FAULT: ReadonlySet<RetireReason | null> = new Set<RetireReason>([
  'timeout',
  'aborted',
  'protocol-error',
]);

/** Tasks on their way: sent, answered, or lost with their worker. */
export class Dispatch {
  readonly #core: CoreState;
  readonly #runTime: RunTime;
  readonly #settlement: Settlement;
  readonly #retries: Retries;
  readonly #stopping: Stopping;
  readonly #parallel: boolean;

  constructor(
    core: CoreState,
    parts: { runTime: RunTime; settlement: Settlement; retries: Retries; stopping: Stopping },
  ) {
    this.#core = core;
    this.#runTime = parts.runTime;
    this.#settlement = parts.settlement;
    this.#retries = parts.retries;
    this.#stopping = parts.stopping;
    this.#parallel = core.options.concurrency > 1;
  }

  /** Gives the worker the task at the head of the queue, or the next item of the batch there. */
  send(worker: Worker, head: number): void {
    const { tasks, waiting, effects, workers, tenants, now } = this.#core;
    const task = tasks.isBatch(head) ? this.#draw(head) : head;
    if (task === head) waiting.take(head);
    if (tenants !== undefined && worker.tenant === undefined) tenants.bind(worker, tenants.of(task), now);
    tasks.transition(task, SEND);
    tasks.worker[task] = worker.id;
    workers.transition(worker, ASSIGN);
    worker.inFlight.push(task);
    worker.inFlightBytes += tasks.bytes[task] as number;
    if (this.#parallel || worker.inFlight.length === 1) this.#runTime.begin(worker, task);
    else if (worker.recallAt === Infinity) this.#runTime.armRecall(worker);
    effects.sendTask(worker.id, task);
    this.#noteLast(worker);
  }

  /** The worker's terminal frame for a task that it holds. */
  reply(worker: Worker, task: number, kind: ReplyKind): void {
    const { tasks, workers, serviceTime, now } = this.#core;
    const index = worker.inFlight.remove(task);
    if (index < 0) throw new Error(`worker ${worker.id} does not hold task ${task}`);
    worker.inFlightBytes -= tasks.bytes[task] as number;
    workers.transition(worker, SETTLE);
    worker.stoppedLooks = 0;
    if (kind !== 'not-started') {
      worker.tasksDone++;
      serviceTime.reply(worker, {
        bytes: tasks.bytes[task] as number,
        startedAt: tasks.startedAt[task] as number,
        now,
      });
    }
    if (kind === 'damaged') this.#damaged(worker, task);
    else this.#answered(task, kind);
    if (worker.inFlight.length === 0) {
      this.#runTime.rest(worker);
    } else if (index === 0 && !this.#parallel) {
      this.#runTime.begin(worker, worker.inFlight.at(0));
    } else {
      this.#runTime.armRun(worker);
      this.#runTime.armRecall(worker);
    }
  }

  /** The worker is gone: what it may have begun is lost, the rest goes back to its place in the queue. */
  lost(worker: Worker, blame: Blame): void {
    for (const task of worker.damaged) this.#letGo(task);
    const innocent = blame.innocent === true || NOT_THEIR_FAULT.has(worker.reason);
    for (let i = worker.inFlight.length - 1; i >= 0; i--) {
      const task = worker.inFlight.at(i);
      if (this.#core.tasks.state[task] === CANCELLING) this.#letGo(task);
      else if (!this.#mayHaveBegun(worker, i, blame)) this.#lostUnbegun(task, i === 0);
      else if (innocent) this.#lostInnocent(task);
      else this.#lostSuspect(task, blame);
    }
  }

  /** Whoever has its last task is no help for the next one: its successor is started meanwhile. */
  #noteLast(worker: Worker): void {
    const { maxTasksPerWorker } = this.#core.options;
    if (worker.tasksDone + worker.inFlight.length >= maxTasksPerWorker) this.#stopping.makeDue(worker, 'max-tasks');
  }

  #draw(batch: number): number {
    const { tasks, waiting, effects } = this.#core;
    const task = tasks.draw(batch);
    this.#core.tenants?.joinBatch(task, batch);
    waiting.drawn(batch, task);
    effects.drawTask(batch, tasks.extrasOf(batch).drawn - 1, task);
    return task;
  }

  /** The caller learns it at once; nobody knows whether the task still runs, so its key and its retry wait for the worker's end. */
  #damaged(worker: Worker, task: number): void {
    worker.damaged.push(task);
    if (this.#core.tasks.state[task] === CANCELLING) return;
    this.#core.tasks.transition(task, CANCEL);
    this.#settlement.tell(task, 'protocol-error', true);
  }

  #answered(task: number, kind: ReplyKind): void {
    const cancelled = this.#core.tasks.state[task] === CANCELLING;
    if (cancelled) this.#answeredLate(task, kind);
    else if (kind === 'succeeded') this.#settlement.finish(task, 'succeeded', true);
    else if (kind === 'not-started') this.#retries.giveBack(task);
    else this.#failed(task, kind === 'failed-memory' ? 'memory' : 'failure');
  }

  /** A task that was cancelled. One that was to run again need not, if it came to its end after all. */
  #answeredLate(task: number, kind: ReplyKind): void {
    const awaited = this.#core.tasks.extras[task]?.retryWhenReleased === true;
    if (awaited && kind === 'succeeded') this.#settlement.finish(task, 'succeeded', true);
    else this.#letGo(task);
  }

  #failed(task: number, cause: 'memory' | 'failure'): void {
    if (this.#retries.granted(task, cause)) this.#retries.again(task, cause);
    else this.#settlement.finish(task, 'failed', true);
  }

  /** Nobody holds a cancelled task any more. */
  #letGo(task: number): void {
    if (this.#core.tasks.extras[task]?.retryWhenReleased === true) this.#retries.again(task, 'timeout');
    else this.#settlement.end(task);
  }

  #mayHaveBegun(worker: Worker, index: number, blame: Blame): boolean {
    if (this.#parallel) return true;
    if (index > 0) return false;
    const id = this.#core.tasks.id[worker.inFlight.at(0)] as number;
    return blame.startedId === undefined || blame.startedId === id >>> 0;
  }

  /** One that loses its worker as the next in line again and again is reported: something kills workers before they begin it. */
  #lostUnbegun(task: number, next: boolean): void {
    const { tasks, tuning } = this.#core;
    if (!next || ++tasks.extrasOf(task).bounces < tuning.maxBounces) this.#retries.giveBack(task);
    else this.#settlement.finish(task, 'crashed', tasks.extrasOf(task).begun);
  }

  #lostInnocent(task: number): void {
    const policy = this.#core.tasks.extras[task]?.retries;
    if (policy?.on.includes('crash') === true) this.#retries.absolve(task);
    else this.#settlement.finish(task, 'crashed', true);
  }

  /** The worker may have died of it. A task that was granted retries is convicted by its second worker. */
  #lostSuspect(task: number, blame: Blame): void {
    const extras = this.#core.tasks.extras[task];
    const cause = blame.memory === true ? 'memory' : 'crash';
    if (extras?.retries !== undefined && ++extras.crashes > 1) this.#settlement.finish(task, 'poison', true);
    else if (this.#retries.granted(task, cause)) this.#retries.again(task, cause);
    else this.#settlement.finish(task, 'crashed', true);
  }
}
