import { type Frame, FrameType, INITIAL_CREDIT } from '@ostler/protocol';
import { ownBytes } from './body.js';
import { ChunkQueue } from './chunk-queue.js';
import type { TaskCaller } from './pending-task.js';

/** Consumed bytes are granted again in portions of this size, so that credit costs few frames. */
const CREDIT_STEP = INITIAL_CREDIT / 4;

/** One streaming task, seen from its consumer. */
export class TaskStream implements TaskCaller {
  readonly #chunks = new ChunkQueue();
  #grant: ((bytes: number) => void) | undefined;
  #consumed = 0;

  /** True once the worker has nothing more to say. */
  get ended(): boolean {
    return this.#chunks.ended;
  }

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

  /** The next chunk, or undefined at the end. What was taken is credited to the worker. */
  async next(): Promise<Uint8Array | undefined> {
    const chunk = await this.#chunks.take();
    if (chunk === undefined) return undefined;
    this.#consumed += chunk.byteLength;
    if (this.#consumed >= CREDIT_STEP && !this.ended) {
      this.#grant?.(this.#consumed);
      this.#consumed = 0;
    }
    return chunk;
  }
}
