import { Pipe, portion } from './pipe.js';
import type { Random } from './random.js';

/** Something that may happen next. */
export type SimulatedEvent = () => void;

/** The reading end, as far as its process has one. */
export interface Reader {
  readonly reads: boolean;
  onBytes(bytes: Uint8Array): void;
  onEnd(): void;
}

/** A pipe from the pool to a process. What the pool writes waits until the pipe has room. */
export class InputPipe {
  readonly #random: Random;
  readonly #capacity: number;
  readonly #pipe = new Pipe();
  readonly #writes: { bytes: Uint8Array; taken: number; onWritten: () => void }[] = [];
  #ended = false;
  #endTold = false;

  constructor(random: Random) {
    this.#random = random;
    this.#capacity = random.pick([512, 8_192, 65_536]);
  }

  /** Bytes that the pool has written and the pipe has not taken. */
  get waiting(): number {
    return this.#writes.reduce((sum, { bytes, taken }) => sum + bytes.length - taken, 0);
  }

  write(bytes: Uint8Array, onWritten: () => void): void {
    if (this.#ended) throw new Error('write after end');
    this.#writes.push({ bytes, taken: 0, onWritten });
  }

  end(): void {
    this.#ended = true;
  }

  /** What may happen while the process lives. */
  events(reader: Reader): SimulatedEvent[] {
    const events: SimulatedEvent[] = [];
    if (this.#writes.length > 0 && this.#pipe.size < this.#capacity) events.push(() => this.#accept());
    if (!reader.reads || this.#endTold) return events;
    if (this.#pipe.size > 0) {
      events.push(() => reader.onBytes(this.#pipe.read(portion(this.#random, this.#pipe.size))));
    } else if (this.#ended && this.#writes.length === 0) {
      events.push(() => {
        this.#endTold = true;
        reader.onEnd();
      });
    }
    return events;
  }

  #accept(): void {
    const [write] = this.#writes;
    if (write === undefined) return;
    const most = Math.min(write.bytes.length - write.taken, this.#capacity - this.#pipe.size);
    const count = most === 0 ? 0 : portion(this.#random, most);
    this.#pipe.write(write.bytes.subarray(write.taken, write.taken + count));
    write.taken += count;
    if (write.taken < write.bytes.length) return;
    this.#writes.shift();
    write.onWritten();
  }
}
