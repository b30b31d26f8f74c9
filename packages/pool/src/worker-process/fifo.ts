/** The places of taken items stay in the array until there are this many, so that taking one does not move all others. */
const COMPACT_AT = 1024;

/** First in, first out, at a constant cost. */
export class Fifo<T> {
  readonly #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head++] = undefined; // a large chunk should not live on in its place
    if (this.#head === this.#items.length || this.#head === COMPACT_AT) this.#compact();
    return item;
  }

  /** Removes and returns the first item that `matches`. */
  take(matches: (item: T) => boolean): T | undefined {
    const index = this.#items.findIndex((item, at) => at >= this.#head && matches(item as T));
    return index < 0 ? undefined : this.#items.splice(index, 1)[0];
  }

  some(matches: (item: T) => boolean): boolean {
    return this.#items.some((item, at) => at >= this.#head && matches(item as T));
  }

  #compact(): void {
    this.#items.splice(0, this.#head);
    this.#head = 0;
  }
}
