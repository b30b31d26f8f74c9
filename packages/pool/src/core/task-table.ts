import { newTaskExtras, type TaskExtras } from './task-extras.js';
import type { TaskSpec } from './task-spec.js';
import { QUEUED, SETTLED, TASK_MOVES, type TaskState } from './task-state.js';

/** So small that the columns live inside the heap: a scheduler is cheap to make, and doubling is soon done. */
const INITIAL_CAPACITY = 8;
const NONE = -1;
/** On the wire an id is a 32-bit number, and 0 stands for no task. */
const WIRE_IDS = 2 ** 32;

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
  /** When its worker began it, as far as can be known; 0 while it waits. */
  startedAt = new Float64Array(INITIAL_CAPACITY);
  timeout = new Float64Array(INITIAL_CAPACITY);
  /** While queued: when the waiting time ends. While a worker runs it: when its run time, or the grace of its cancel, ends. */
  deadline = new Float64Array(INITIAL_CAPACITY);
  readonly extras: (TaskExtras | undefined)[] = [];
  #free = new Int32Array(INITIAL_CAPACITY);
  #freeCount = 0;
  #used = 0;
  #nextId: number;
  /** Ids from the next one on that come before the next that would be 0 on the wire. */
  #idsLeft: number;

  constructor(firstId = 1) {
    this.#nextId = firstId;
    this.#idsLeft = (WIRE_IDS - (firstId % WIRE_IDS)) % WIRE_IDS;
  }

  /** A queued task; a batch takes one slot and the ids of all its items. */
  add(spec: TaskSpec, now: number): number {
    const task = this.#take();
    const { key, retries, batch } = spec;
    this.state[task] = QUEUED;
    this.worker[task] = NONE;
    this.priority[task] = spec.priority;
    this.bytes[task] = spec.bytes;
    this.id[task] = this.#takeIds(batch === undefined ? 1 : batch.length);
    this.queuedAt[task] = now;
    this.startedAt[task] = 0;
    this.timeout[task] = spec.timeout;
    this.deadline[task] = now + spec.queueTimeout;
    const plain = key === undefined && retries === undefined && batch === undefined;
    this.extras[task] = plain ? undefined : newTaskExtras(spec);
    return task;
  }

  /** The next item of a batch, as a task of its own. */
  draw(batch: number): number {
    const from = this.extras[batch];
    if (from?.sizes === undefined) throw new Error(`task ${batch} is no batch`);
    const index = from.drawn++;
    from.live++;
    const task = this.#take();
    this.state[task] = QUEUED;
    this.worker[task] = NONE;
    this.priority[task] = this.priority[batch] as number;
    this.bytes[task] = from.sizes[index] as number;
    this.id[task] = (this.id[batch] as number) + index;
    this.queuedAt[task] = this.queuedAt[batch] as number;
    this.startedAt[task] = 0;
    this.timeout[task] = this.timeout[batch] as number;
    this.deadline[task] = this.deadline[batch] as number;
    this.extras[task] = { ...newTaskExtras({ key: from.key, retries: from.retries, batch: undefined }), batch };
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

  /** True where the first comes before the second: more urgent, or as urgent and older. A batch is as old as its next item. */
  precedes(one: number, other: number): boolean {
    const more = (this.priority[one] as number) - (this.priority[other] as number);
    return more > 0 || (more === 0 && this.#age(one) < this.#age(other));
  }

  /** Created on first need. */
  extrasOf(task: number): TaskExtras {
    let extras = this.extras[task];
    if (extras === undefined) {
      extras = newTaskExtras({ key: undefined, retries: undefined, batch: undefined });
      this.extras[task] = extras;
    }
    return extras;
  }

  stateOf(task: number): TaskState {
    return TASK_MOVES.states[this.state[task] as number] as TaskState;
  }

  transition(task: number, event: number): void {
    this.state[task] = TASK_MOVES.next(this.state[task] as number, event);
  }

  /** Gives the slot back; the task must be settled. */
  free(task: number): void {
    if (this.state[task] !== SETTLED) throw new Error(`task ${task} is freed while ${this.stateOf(task)}`);
    this.extras[task] = undefined;
    if (this.#freeCount === this.#free.length) this.#free = grown(this.#free, this.#free.length * 2);
    this.#free[this.#freeCount++] = task;
  }

  #age(task: number): number {
    return (this.id[task] as number) + (this.extras[task]?.drawn ?? 0);
  }

  /** So many ids in a row, none of which is 0 on the wire. */
  #takeIds(count: number): number {
    if (count > this.#idsLeft) {
      this.#nextId += this.#idsLeft + 1;
      this.#idsLeft = WIRE_IDS - 1;
    }
    const first = this.#nextId;
    this.#nextId += count;
    this.#idsLeft -= count;
    return first;
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

function grown<Column extends Uint8Array | Int32Array | Float64Array>(column: Column, capacity: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(capacity);
  larger.set(column as never);
  return larger;
}
