import type { SimulatedEvent } from './input-pipe.js';
import { Pipe, portion } from './pipe.js';
import type { Random } from './random.js';

/** A process must wait before it writes to a pipe that holds so many bytes. */
const CAPACITY = 65_536;

/** A pipe from a process, and whoever inherited it, to the pool. */
export class OutputPipe {
  readonly #random: Random;
  readonly #pipe = new Pipe();
  readonly #onData: (bytes: Uint8Array) => void;
  readonly #onEnd: () => void;
  #isHeld = true;
  #endTold = false;

  constructor(random: Random, listener: { onData(bytes: Uint8Array): void; onEnd(): void }) {
    this.#random = random;
    this.#onData = (bytes) => listener.onData(bytes);
    this.#onEnd = () => listener.onEnd();
  }

  /** Whether somebody may still write to it. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  get isFull(): boolean {
    return this.#pipe.size >= CAPACITY;
  }

  write(bytes: Uint8Array): void {
    this.#pipe.write(bytes);
  }

  /** The last writer has closed it. */
  close(): void {
    this.#isHeld = false;
  }

  events(): SimulatedEvent[] {
    if (this.#pipe.size > 0) return [() => this.#onData(this.#pipe.read(portion(this.#random, this.#pipe.size)))];
    return this.#isHeld || this.#endTold ? [] : [() => this.#tellEnd()];
  }

  /** All that can be told now, at once. */
  poll(): void {
    if (this.#pipe.size > 0) this.#onData(this.#pipe.read(this.#pipe.size));
    else if (!this.#isHeld && !this.#endTold) this.#tellEnd();
  }

  #tellEnd(): void {
    this.#endTold = true;
    this.#onEnd();
  }
}
