import type { TaskTable } from './task-table.js';

const NONE = -1;

/** Tasks in the order of their turns, linked through the table's columns: O(1) at both ends and for removal from the middle. */
export class TaskList {
  head = NONE;
  #tail = NONE;
  readonly #tasks: TaskTable;

  constructor(tasks: TaskTable) {
    this.#tasks = tasks;
  }

  get empty(): boolean {
    return this.head === NONE;
  }

  /** Adds a task that is younger than all others and not more urgent. */
  pushBack(task: number): void {
    this.#link(this.#tail, task, NONE);
  }

  /** Puts a task in its place: in front of all whose turn comes later. Looks from the front: an old task's place is there. */
  restore(task: number): void {
    const { next, prev } = this.#tasks;
    let after = this.head;
    while (after !== NONE && this.#tasks.precedes(after, task)) after = next[after] as number;
    this.#link(after === NONE ? this.#tail : (prev[after] as number), task, after);
  }

  /** As `restore`, but looks from the back: a new task's place is there. */
  insert(task: number): void {
    const { next, prev } = this.#tasks;
    let before = this.#tail;
    while (before !== NONE && this.#tasks.precedes(task, before)) before = prev[before] as number;
    this.#link(before, task, before === NONE ? this.head : (next[before] as number));
  }

  remove(task: number): void {
    const { next, prev } = this.#tasks;
    const before = prev[task] as number;
    const after = next[task] as number;
    if (before === NONE) this.head = after;
    else next[before] = after;
    if (after === NONE) this.#tail = before;
    else prev[after] = before;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let task = this.head; task !== NONE; task = this.#tasks.next[task] as number) yield task;
  }

  #link(before: number, task: number, after: number): void {
    const { next, prev } = this.#tasks;
    prev[task] = before;
    next[task] = after;
    if (before === NONE) this.head = task;
    else next[before] = task;
    if (after === NONE) this.#tail = task;
    else prev[after] = task;
  }
}
