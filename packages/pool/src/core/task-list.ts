import type { TaskTable } from './task-table.js';

const NONE = -1;

/** A first-come list of tasks, linked through the table's columns: O(1) at both ends and for removal from the middle. */
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

  pushBack(task: number): void {
    this.#link(this.#tail, task, NONE);
  }

  /** Puts a task that was here before back in its place: in front of everything that came later. */
  restore(task: number): void {
    const { id, next, prev } = this.#tasks;
    let after = this.head;
    while (after !== NONE && (id[after] as number) < (id[task] as number)) after = next[after] as number;
    this.#link(after === NONE ? this.#tail : (prev[after] as number), task, after);
  }

  /** Keeps the order of arrival; O(1) for a task that is younger than all others. */
  insert(task: number): void {
    const youngest = this.#tail === NONE || (this.#tasks.id[this.#tail] as number) < (this.#tasks.id[task] as number);
    if (youngest) this.pushBack(task);
    else this.restore(task);
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
