const ABSENT = -1;

/** Deadlines of tasks in an indexed binary heap: add, remove and move in O(log n), the earliest in O(1), nothing stale left behind. */
export class DeadlineHeap {
  #tasks: number[] = [];
  #times: number[] = [];
  #position = new Int32Array(0);

  get size(): number {
    return this.#tasks.length;
  }

  /** The earliest deadline, or `Infinity`. */
  get earliest(): number {
    return this.#tasks.length === 0 ? Infinity : (this.#times[0] as number);
  }

  set(task: number, at: number): void {
    this.delete(task);
    if (at === Infinity) return;
    if (task >= this.#position.length) this.#growPositions(task);
    this.#tasks.push(task);
    this.#times.push(at);
    this.#up(this.#tasks.length - 1);
  }

  delete(task: number): void {
    const hole = task < this.#position.length ? (this.#position[task] as number) : ABSENT;
    if (hole === ABSENT) return;
    this.#position[task] = ABSENT;
    const lastTask = this.#tasks.pop() as number;
    const lastTime = this.#times.pop() as number;
    if (lastTask === task) return;
    this.#put(hole, lastTask, lastTime);
    this.#up(hole);
    this.#down(this.#position[lastTask] as number);
  }

  /** Removes and returns a task whose deadline is not after `now`, or -1. */
  popDue(now: number): number {
    if (this.earliest > now) return ABSENT;
    const task = this.#tasks[0] as number;
    this.delete(task);
    return task;
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.#tasks.values();
  }

  #put(index: number, task: number, at: number): void {
    this.#tasks[index] = task;
    this.#times[index] = at;
    this.#position[task] = index;
  }

  #up(index: number): void {
    const task = this.#tasks[index] as number;
    const at = this.#times[index] as number;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if ((this.#times[parent] as number) <= at) break;
      this.#put(index, this.#tasks[parent] as number, this.#times[parent] as number);
      index = parent;
    }
    this.#put(index, task, at);
  }

  #down(index: number): void {
    const task = this.#tasks[index] as number;
    const at = this.#times[index] as number;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.#tasks.length) break;
      if (child + 1 < this.#tasks.length && (this.#times[child + 1] as number) < (this.#times[child] as number))
        child++;
      if ((this.#times[child] as number) >= at) break;
      this.#put(index, this.#tasks[child] as number, this.#times[child] as number);
      index = child;
    }
    this.#put(index, task, at);
  }

  #growPositions(task: number): void {
    const larger = new Int32Array(Math.max(256, 2 * task)).fill(ABSENT);
    larger.set(this.#position);
    this.#position = larger;
  }
}
