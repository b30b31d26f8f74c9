import { type Frame, FrameType, INITIAL_CREDIT } from '@ostler/protocol';
import { ownBytes } from './body.js';
import { ChunkQueue } from './chunk-queue.js';
import type { TaskCaller } from './pending-task.js';

/** Consumed bytes are granted again in portions of this size, so that credit costs few frames. */
const CREDIT_STEP = INITIAL_CREDIT / 4;

/**
 * One streaming task, seen from its consumer. The first `next()` submits it, so a stream that nobody iterates costs nothing;
 * `return()` cancels it at once, even while a `next()` waits, as no generator's would.
 */
export class TaskStream implements TaskCaller, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #chunks = new ChunkQueue();
  /** Gives how to cancel; undefined once it was called. */
  #submit: ((caller: TaskCaller) => () => void) | undefined;
  #cancel: (() => void) | undefined;
  #grant: ((bytes: number) => void) | undefined;
  #consumed = 0;

  constructor(submit: (caller: TaskCaller) => () => void) {
    this.#submit = submit;
  }

  // Its consumer

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#begin();
    const chunk = await this.#chunks.take();
    if (chunk === undefined) return { done: true, value: undefined };
    this.#consumed += chunk.byteLength;
    if (this.#consumed >= CREDIT_STEP && !this.#chunks.ended) {
      this.#grant?.(this.#consumed);
      this.#consumed = 0;
    }
    return { done: false, value: chunk };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#submit = undefined;
    const cancel = this.#chunks.ended ? undefined : this.#cancel;
    this.#chunks.close();
    cancel?.();
    return { done: true, value: undefined };
  }

  // Its task

  chunk(frame: Frame, grant: (bytes: number) => void): void {
    this.#grant ??= grant;
    this.#chunks.push(ownBytes(frame.body));
  }

  /** END, or a RESULT as a stream of one. */
  fulfil(frame: Frame): void {
    if (frame.type === FrameType.result) this.#chunks.push(ownBytes(frame.body));
    this.#chunks.end();
  }

  reject(error: Error): void {
    this.#chunks.end(error);
  }

  #begin(): void {
    const submit = this.#submit;
    if (submit === undefined) return;
    this.#submit = undefined;
    try {
      this.#cancel = submit(this);
    } catch (error) {
      this.#chunks.end(error as Error);
    }
  }
}
