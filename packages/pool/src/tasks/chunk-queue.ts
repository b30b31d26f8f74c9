import { Fifo } from '../worker-process/fifo.js';
import { Bell } from './bell.js';

/** The chunks of a stream between the worker and its consumer, who sets the pace: credit is granted for what was taken. */
export class ChunkQueue {
  readonly #bell = new Bell();
  #chunks = new Fifo<Uint8Array>();
  #error: Error | undefined;
  ended = false;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bell.ring();
  }

  /** Nothing more will come; what came before can still be taken. */
  end(error?: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.#error = error;
    this.#bell.ring();
  }

  /** Nobody wants what is here, or what would come. */
  close(): void {
    this.end();
    this.#error = undefined;
    this.#chunks = new Fifo();
  }

  /** The next chunk, or undefined at the end; a failure rejects once, when what came before it was taken. */
  async take(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.ended) await this.#bell.wait();
    const chunk = this.#chunks.shift();
    const error = this.#error;
    if (chunk !== undefined || error === undefined) return chunk;
    this.#error = undefined;
    throw error;
  }
}
