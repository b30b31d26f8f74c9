import { INITIAL_CREDIT } from '@ostler/protocol';
import type { Turn } from './turn.js';

/** What a streaming handler returns. */
export type Items = Iterator<unknown> | AsyncIterator<unknown>;

/** The iterator of an (async) generator or of an async iterable such as a readable stream; undefined for everything else, arrays included. */
export function itemsOf(result: unknown): Items | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const {
    [Symbol.asyncIterator]: iterateAsync,
    [Symbol.iterator]: iterate,
    next,
  } = result as Partial<AsyncIterable<unknown> & Iterable<unknown> & Iterator<unknown>>;
  if (typeof iterateAsync === 'function') return iterateAsync.call(result);
  // A generator is its own iterator; a Map or an array has none until it is asked.
  return typeof next === 'function' && typeof iterate === 'function' ? iterate.call(result) : undefined;
}

/** The items of one task on their way out: as many as the caller has given credit for. */
export class OutgoingStream {
  readonly #items: Items;
  readonly #turn: Turn;
  #credit = INITIAL_CREDIT;
  #isLastCredit = false;
  #stopped = false;
  #closing: Promise<unknown> | undefined = undefined;
  #wake: () => void = () => {};

  constructor(items: Items, turn: Turn) {
    this.#items = items;
    this.#turn = turn;
  }

  addCredit(bytes: number): void {
    this.#credit += bytes;
    this.#wake();
  }

  /** No more credit will come: what does not fit into the rest is not sent. */
  endCredit(): void {
    this.#isLastCredit = true;
    this.#wake();
  }

  /** Ends the iterator early. The clean-up of a generator that waits for something runs when that has come. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#closing = this.#close();
    this.#closing.catch(() => {}); // `send` awaits it, and tells
    this.#wake();
  }

  /** Gives each item to `send`, which returns its bytes. False if it was stopped; throws what the handler or `send` throws. */
  async send(send: (item: unknown) => number): Promise<boolean> {
    for (;;) {
      while (this.#credit <= 0 && !this.#stopped) {
        if (this.#isLastCredit) this.stop();
        else await this.#change();
      }
      if (this.#turn.isOver()) await new Promise<void>((resolve) => this.#turn.next(resolve));
      const step = this.#stopped ? undefined : await this.#items.next();
      if (this.#stopped) {
        await this.#closing;
        return false;
      }
      if (step === undefined || step.done) return true;
      try {
        this.#credit -= send(await step.value);
      } catch (error) {
        await this.#close().finally(() => {
          throw error; // whatever the clean-up says: this came first
        });
      }
    }
  }

  async #close(): Promise<void> {
    await this.#items.return?.();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
