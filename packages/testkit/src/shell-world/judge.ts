import type { PoolOptions } from '@ostler/pool';
import { INITIAL_CREDIT } from '@ostler/protocol';
import { answers, isFatal } from './deed.js';
import type { Fault } from './process-record.js';
import { answerTo } from './task-body.js';
import type { TaskEnd, TaskRecord, TaskRefusal } from './task-record.js';
import type { WorldRecords } from './world-records.js';

const RIGHT_ANSWER = 'a reply is the answer to its task';
const FITTING_ERROR = 'an error fits what happened to its task';
const INNOCENT = 'a task that no faulty worker has begun succeeds';
const ALL: readonly Fault[] = ['died', 'closed', 'stopped', 'mute', 'protocol', 'pressed'];
/** A task that so many workers lose before they begin it is reported. */
const BOUNCES = 3;

/** Judges how callers are told: the right answer, or an error that fits what happened. */
export class Judge {
  readonly #records: WorldRecords;

  constructor(records: WorldRecords) {
    this.#records = records;
  }

  told(task: TaskRecord, end: TaskEnd): void {
    task.ends.push(end);
    this.#records.demand(task.ends.length === 1, 'every promise settles once', () => `task ${task.id} ended again`);
    if ('value' in end) this.#answered(task, end.value);
    else this.#refused(task, end.error);
  }

  #answered(task: TaskRecord, value: Uint8Array | string): void {
    const got = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
    const wanted = task.kind === 'stream' ? '' : answerTo(task.body).toString('latin1');
    this.#records.demand(got === wanted, RIGHT_ANSWER, () => {
      return `task ${task.id} got '${got.slice(0, 40)}' (${got.length}) instead of '${wanted.slice(0, 40)}' (${wanted.length})`;
    });
    this.#records.demand(task.begun.length > 0, RIGHT_ANSWER, () => `no worker has begun task ${task.id}`);
  }

  #refused(task: TaskRecord, error: TaskRefusal): void {
    const { plan } = task;
    const reason = this.#misfit(task, error, this.#records.options);
    const seen = () => `task ${task.id} (${plan.deed}) was told ${error.code}: ${error.message}; ${reason}`;
    this.#records.demand(reason === undefined, FITTING_ERROR, seen);
    this.#checkInnocence(task, error);
  }

  /** Why the task cannot have ended so, or undefined where it can. */
  #misfit(task: TaskRecord, error: TaskRefusal, options: PoolOptions): string | undefined {
    const { plan } = task;
    const { closing } = this.#records;
    switch (error.code) {
      case 'ERR_TASK_FAILED':
        if (error.remote?.message !== `thrown by task ${task.id}`) return `it says '${error.remote?.message}'`;
        return plan.deed === 'throw' && task.begun.length > 0 ? undefined : 'it threw nothing';
      case 'ERR_TASK_ABORTED':
        return task.mayBeAborted ? undefined : 'nobody aborted it';
      case 'ERR_TASK_TIMEOUT':
        if (error.phase === 'queue') return plan.queueTimeout === undefined ? 'it had no queueTimeout' : undefined;
        return this.#misfitOfTimeout(task);
      case 'ERR_WORKER_CRASHED':
        return this.#misfitOfCrash(task, error);
      case 'ERR_PROTOCOL':
        return this.#sentToFaulty(task, ['protocol']) ? undefined : 'none of its workers broke the protocol';
      case 'ERR_POISON_TASK':
        return plan.retries !== undefined && this.#timesSuspected(task) > 1 ? undefined : 'it was not begun twice';
      case 'ERR_POOL_CLOSED':
        return closing === 'destroyed' || (closing === 'closed' && task.isRefused)
          ? undefined
          : 'nobody closed the pool';
      case 'ERR_QUEUE_FULL':
        return options.maxQueueSize === undefined ? 'the queue has no limit' : undefined;
      case 'ERR_WORKER_START':
        return this.#startsFail || this.#startedTooLate(error) ? undefined : 'every start goes well';
      default:
        return 'there is no such end';
    }
  }

  /** The pool's own time-out is so long that the end of a worker is noticed before. */
  #misfitOfTimeout(task: TaskRecord): string | undefined {
    const { plan, sentTo, begun } = task;
    if (sentTo.size === 0) return 'it was never sent';
    if (plan.timeout !== undefined || this.#hasNoCredit(task) || this.#waitsInMuteWorker(task)) return undefined;
    const last = begun.at(-1);
    const wasItsEnd = last !== undefined && last.attempt <= plan.times && isFatal(plan.deed) && !answers(plan.deed);
    return wasItsEnd ? `what had become of ${last.pid} was not noticed` : undefined;
  }

  #misfitOfCrash(task: TaskRecord, { exit }: TaskRefusal): string | undefined {
    const pid = exit?.pid ?? 0;
    const process = this.#records.processes.get(pid);
    if (process === undefined || this.#records.isAlive(pid)) return `process ${pid} has not died`;
    if (task.answeredBy.has(pid)) return `process ${pid} had answered it`;
    if (task.begun.some((each) => each.pid === pid)) return undefined;
    if (!process.hasLedger) return undefined; // it is a suspect from its placing on, which is before its bytes leave the pool
    return task.sentTo.size >= BOUNCES ? undefined : `process ${pid} had not begun it`;
  }

  /** Workers that the pool may think it has begun in: of those without a ledger it cannot know. */
  #timesSuspected({ begun, sentTo }: TaskRecord): number {
    const mayHave = [...sentTo].filter((pid) => !this.#records.process(pid).hasLedger);
    return new Set([...mayHave, ...begun.map(({ pid }) => pid)]).size;
  }

  get #startsFail(): boolean {
    return this.#records.scenario.workers.some(({ start }) => start !== 'well' && start !== 'prints');
  }

  /** Time may have leapt over the start of a worker that would have gone well. */
  #startedTooLate({ exit }: TaskRefusal): boolean {
    const { startTimeout } = this.#records.options;
    const process = this.#records.processes.get(exit?.pid ?? 0);
    return startTimeout !== undefined && process?.startedTooLate(startTimeout) === true;
  }

  /** A harmless task without limits of its own can only fail by a worker that another task, or its temperament, made unfit. */
  #checkInnocence(task: TaskRecord, error: TaskRefusal): void {
    const { deed, timeout, queueTimeout } = task.plan;
    const isExcused = task.isRefused || task.mayBeAborted || timeout !== undefined || queueTimeout !== undefined;
    if (isExcused || this.#records.closing === 'destroyed' || !answers(deed) || isFatal(deed)) return;
    if (error.code === 'ERR_WORKER_START' || error.code === 'ERR_QUEUE_FULL') return;
    const isLate = error.code === 'ERR_TASK_TIMEOUT';
    const excuse =
      this.#hasNoCredit(task) || (isLate && this.#waitsInMuteWorker(task)) || this.#sentToFaulty(task, ALL);
    this.#records.demand(excuse, INNOCENT, () => `task ${task.id} was told ${error.code}: ${error.message}`);
  }

  /** Nothing tells a worker that will never read a task from one that is busy with it, but the task's time. */
  #waitsInMuteWorker(task: TaskRecord): boolean {
    return [...task.sentTo].some((pid) => this.#records.process(pid).faults.has('mute'));
  }

  /** Its stream waits for a caller who reads slowly, or in a worker that does not read while it is busy and so hears of no credit. */
  #hasNoCredit(task: TaskRecord): boolean {
    if (task.kind !== 'stream') return false;
    if (task.isReadSlowly && task.chunkBytes.sent >= INITIAL_CREDIT) return true;
    return task.begun.some(({ pid }) => !this.#records.process(pid).temperament.readsWhileBusy);
  }

  /** Where there is no ledger the pool cannot know which task was begun: what was sent is a suspect. */
  #sentToFaulty(task: TaskRecord, faults: readonly Fault[]): boolean {
    const suspects = [...task.sentTo].filter((pid) => {
      const process = this.#records.process(pid);
      const isHis = !process.hasLedger || task.begun.some((each) => each.pid === pid) || task.sentTo.size >= BOUNCES;
      return isHis && faults.some((fault) => process.faults.has(fault));
    });
    return suspects.length > 0;
  }
}
