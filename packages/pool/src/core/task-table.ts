import type { RetryCause } from './effects.js';
import { nextTaskStateCode, TASK_STATE_CODE, TASK_STATES, type TaskEvent, type TaskState } from './task-state.js';

/** What the scheduler is told about a task. Times in milliseconds; the shell may pass a richer object. */
export interface TaskSpec {
  /** Size of the body. */
  readonly bytes: number;
  /** Higher first; first come, first served among equals. */
  readonly priority: number;
  /** Run time until the task is cancelled, or `Infinity`. */
  readonly timeout: number;
  /** Waiting time until the task is rejected, or `Infinity`. */
  readonly queueTimeout: number;
  /** Tasks of one key run one at a time, in order. */
  readonly key: string | undefined;
  readonly retries: RetryPolicy | undefined;
  /** The sizes of the items when this is a batch: one unit in the queue until its items are drawn. */
  readonly batch: ArrayLike<number> | undefined;
}

export interface RetryPolicy {
  readonly attempts: number;
  readonly backoff: number;
  readonly on: readonly RetryCause[];
}

/** What only some tasks have, kept out of the columns so that the common task stays small. */
export interface TaskExtras {
  key: string | undefined;
  retries: RetryPolicy | undefined;
  /** Attempts that were charged to the task, crashes among them. */
  failures: number;
  crashes: number;
  /** Where it waits while it is queued. */
  place: 'queue' | 'lane' | 'delayed';
  /** Uncharged losses of a worker before the task had begun. */
  bounces: number;
  /** Its run time was over, so its worker leaves for `timeout` if it does not let go. */
  timedOut: boolean;
  /** It was cancelled by its time-out but will run again when the worker lets go of it. */
  retryWhenReleased: boolean;
  /** The `count` items of a batch, of which the first `drawn` have a life of their own and `live` of those have not ended. */
  sizes: ArrayLike<number> | undefined;
  count: number;
  drawn: number;
  live: number;
  /** The batch that the task was drawn from, or -1. */
  batch: number;
}

const INITIAL_CAPACITY = 256;
const NONE = -1;

/** Every task that is queued or held by a worker, in slots: columns of numbers instead of objects, so that 10^6 waiting tasks cost no garbage collection. */
export class TaskTable {
  state = new Uint8Array(INITIAL_CAPACITY);
  next = new Int32Array(INITIAL_CAPACITY);
  prev = new Int32Array(INITIAL_CAPACITY);
  worker = new Int32Array(INITIAL_CAPACITY);
  priority = new Int32Array(INITIAL_CAPACITY);
  bytes = new Float64Array(INITIAL_CAPACITY);
  id = new Float64Array(INITIAL_CAPACITY);
  queuedAt = new Float64Array(INITIAL_CAPACITY);
  startedAt = new Float64Array(INITIAL_CAPACITY);
  timeout = new Float64Array(INITIAL_CAPACITY);
  /** While queued: when the waiting time ends. While a worker runs it: when its run time, or the grace of its cancel, ends. */
  deadline = new Float64Array(INITIAL_CAPACITY);
  readonly extras: (TaskExtras | undefined)[] = [];
  #free = new Int32Array(INITIAL_CAPACITY);
  #freeCount = 0;
  #used = 0;
  #nextId = 1;

  /** A queued task; a batch takes one slot and the ids of all its items. */
  add(spec: TaskSpec, now: number): number {
    const task = this.#take();
    const id = this.#nextId;
    this.#nextId += spec.batch === undefined ? 1 : spec.batch.length;
    this.#fill(task, spec, id, now);
    const plain = spec.key === undefined && spec.retries === undefined && spec.batch === undefined;
    this.extras[task] = plain ? undefined : newExtras(spec);
    return task;
  }

  /** The next item of a batch, as a task of its own. */
  draw(batch: number): number {
    const from = this.extras[batch];
    if (from?.sizes === undefined) throw new Error(`task ${batch} is no batch`);
    const index = from.drawn++;
    from.live++;
    const task = this.#take();
    this.state[task] = TASK_STATE_CODE.queued;
    this.worker[task] = NONE;
    this.priority[task] = this.priority[batch] as number;
    this.bytes[task] = from.sizes[index] as number;
    this.id[task] = (this.id[batch] as number) + index;
    this.queuedAt[task] = this.queuedAt[batch] as number;
    this.startedAt[task] = 0;
    this.timeout[task] = this.timeout[batch] as number;
    this.deadline[task] = this.deadline[batch] as number;
    this.extras[task] = { ...newExtras({ key: from.key, retries: from.retries, batch: undefined }), batch };
    return task;
  }

  /** Items of a batch that were not drawn yet; 1 for a task. */
  undrawn(task: number): number {
    const extras = this.extras[task];
    return extras?.sizes === undefined ? 1 : extras.count - extras.drawn;
  }

  isBatch(task: number): boolean {
    return this.extras[task]?.sizes !== undefined;
  }

  /** Created on first need. */
  extrasOf(task: number): TaskExtras {
    let extras = this.extras[task];
    if (extras === undefined) {
      extras = newExtras({ key: undefined, retries: undefined, batch: undefined });
      this.extras[task] = extras;
    }
    return extras;
  }

  stateOf(task: number): TaskState {
    return TASK_STATES[this.state[task] as number] as TaskState;
  }

  transition(task: number, event: TaskEvent): void {
    this.state[task] = nextTaskStateCode(this.state[task] as number, event);
  }

  /** Gives the slot back; the task must be settled. */
  free(task: number): void {
    if (this.state[task] !== TASK_STATE_CODE.settled)
      throw new Error(`task ${task} is freed while ${this.stateOf(task)}`);
    this.extras[task] = undefined;
    if (this.#freeCount === this.#free.length) this.#free = grown(this.#free, this.#free.length * 2);
    this.#free[this.#freeCount++] = task;
  }

  #fill(task: number, spec: TaskSpec, id: number, now: number): void {
    this.state[task] = TASK_STATE_CODE.queued;
    this.worker[task] = NONE;
    this.priority[task] = spec.priority;
    this.bytes[task] = spec.bytes;
    this.id[task] = id;
    this.queuedAt[task] = now;
    this.startedAt[task] = 0;
    this.timeout[task] = spec.timeout;
    this.deadline[task] = now + spec.queueTimeout;
  }

  #take(): number {
    if (this.#freeCount > 0) return this.#free[--this.#freeCount] as number;
    if (this.#used === this.state.length) this.#grow(this.#used * 2);
    return this.#used++;
  }

  #grow(capacity: number): void {
    this.state = grown(this.state, capacity);
    this.next = grown(this.next, capacity);
    this.prev = grown(this.prev, capacity);
    this.worker = grown(this.worker, capacity);
    this.priority = grown(this.priority, capacity);
    this.bytes = grown(this.bytes, capacity);
    this.id = grown(this.id, capacity);
    this.queuedAt = grown(this.queuedAt, capacity);
    this.startedAt = grown(this.startedAt, capacity);
    this.timeout = grown(this.timeout, capacity);
    this.deadline = grown(this.deadline, capacity);
  }
}

function newExtras(spec: Pick<TaskSpec, 'key' | 'retries' | 'batch'>): TaskExtras {
  return {
    key: spec.key,
    retries: spec.retries,
    failures: 0,
    crashes: 0,
    place: 'queue',
    bounces: 0,
    timedOut: false,
    retryWhenReleased: false,
    sizes: spec.batch,
    count: spec.batch?.length ?? 0,
    drawn: 0,
    live: 0,
    batch: NONE,
  };
}

function grown<Column extends Uint8Array | Int32Array | Float64Array>(column: Column, capacity: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(capacity);
  larger.set(column as never);
  return larger;
}
