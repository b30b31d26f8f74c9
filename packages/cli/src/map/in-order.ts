/**
 * Acts on the items, at most `width` at once, those included that wait for their turn; yields the results in the order of the
 * items, or as they come. A result never waits for the next item.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  { width, ordered }: { width: number; ordered: boolean },
  act: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const line: Line<R> = ordered ? new Turns<R>() : new Arrivals<R>();
  const iterator = items[Symbol.asyncIterator]();
  let coming: Promise<IteratorResult<T>> | undefined = iterator.next();
  while (coming !== undefined || line.size > 0) {
    const first: 'item' | 'result' = await whichComes(line.size < width ? coming : undefined, line);
    if (first === 'result') {
      yield await line.next();
      continue;
    }
    const item: IteratorResult<T> = await (coming as Promise<IteratorResult<T>>);
    coming = item.done ? undefined : iterator.next();
    if (!item.done) line.add(act(item.value));
  }
}

/** Results of what is under way. */
interface Line<R> {
  readonly size: number;
  add(promise: Promise<R>): void;
  /** Settles when `next()` has not to be waited for. */
  ready(): Promise<unknown>;
  next(): Promise<R>;
}

async function whichComes(item: Promise<unknown> | undefined, line: Line<unknown>): Promise<'item' | 'result'> {
  if (line.size === 0) return 'item';
  const isResult = (): 'result' => 'result';
  const result = line.ready().then(isResult, isResult);
  return item === undefined ? result : Promise.race([result, item.then((): 'item' => 'item')]);
}

/** Results in the order in which they were asked for. */
class Turns<R> implements Line<R> {
  readonly #waiting: Promise<R>[] = [];
  #taken = 0;

  get size(): number {
    return this.#waiting.length - this.#taken;
  }

  add(promise: Promise<R>): void {
    promise.catch(() => {}); // it is awaited when its turn comes
    this.#waiting.push(promise);
  }

  ready(): Promise<R> {
    return this.#waiting[this.#taken] as Promise<R>;
  }

  next(): Promise<R> {
    const next = this.ready();
    this.#taken++;
    if (this.#taken * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#taken);
      this.#taken = 0;
    }
    return next;
  }
}

/** Results in the order in which they come. */
class Arrivals<R> implements Line<R> {
  readonly #done: Promise<R>[] = [];
  #wake: () => void = () => {};
  size = 0;

  add(promise: Promise<R>): void {
    this.size++;
    const done = (): void => {
      this.#done.push(promise);
      this.#wake();
    };
    promise.then(done, done);
  }

  async ready(): Promise<void> {
    if (this.#done.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  async next(): Promise<R> {
    await this.ready();
    this.size--;
    return this.#done.shift() as Promise<R>;
  }
}
