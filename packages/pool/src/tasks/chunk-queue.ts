import { Bell } from './bell.js';

/** The chunks of a stream between the worker and its consumer, who sets the pace: credit is granted for what was taken. */
export class ChunkQueue {
  readonly #bell = new Bell();
  #chunks: Uint8Array[] = [];
  #head = 0;
  #error: Error | undefined;
  ended = false;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bell.ring();
  }

  end(error?: Error): void {
    this.ended = true;
    this.#error = error;
    this.#bell.ring();
  }

  /** The next chunk, or undefined at the end; a failure rejects once what came before it was taken. */
  async take(): Promise<Uint8Array | undefined> {
    while (this.#head === this.#chunks.length && !this.ended) await this.#bell.wait();
    const chunk = this.#chunks[this.#head];
    if (chunk === undefined) {
      if (this.#error !== undefined) throw this.#error;
      return undefined;
    }
    this.#head++;
    if (this.#head === this.#chunks.length) {
      this.#chunks = [];
      this.#head = 0;
    }
    return chunk;
  }
}
