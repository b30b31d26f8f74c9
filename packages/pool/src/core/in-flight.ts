const INITIAL_CAPACITY = 4;

/** The tasks that a worker holds, oldest first: a ring, since replies come in the order of the sends. */
export class InFlight {
  #ring = new Int32Array(INITIAL_CAPACITY);
  #start = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The `index`-th oldest. */
  at(index: number): number {
    return this.#ring[(this.#start + index) & (this.#ring.length - 1)] as number;
  }

  push(task: number): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[(this.#start + this.#length++) & (this.#ring.length - 1)] = task;
  }

  /** Removes the task and returns the place that it had, or -1. */
  remove(task: number): number {
    const index = this.indexOf(task);
    if (index < 0) return index;
    for (let i = index; i > 0; i--) this.#set(i, this.at(i - 1));
    this.#start = (this.#start + 1) & (this.#ring.length - 1);
    this.#length--;
    return index;
  }

  indexOf(task: number): number {
    for (let i = 0; i < this.#length; i++) if (this.at(i) === task) return i;
    return -1;
  }

  #set(index: number, task: number): void {
    this.#ring[(this.#start + index) & (this.#ring.length - 1)] = task;
  }

  #grow(): void {
    const larger = new Int32Array(this.#ring.length * 2);
    for (let i = 0; i < this.#length; i++) larger[i] = this.at(i);
    this.#ring = larger;
    this.#start = 0;
  }
}
