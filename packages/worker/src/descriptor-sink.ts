import { writeSync } from 'node:fs';
import type { ReplySink } from './reply-sink.js';

/** Milliseconds between two attempts at a descriptor that takes nothing now. */
const RETRY_AFTER = 1;
const clock = new Int32Array(new SharedArrayBuffer(4));

/** Writes to a descriptor until all is written. `onGone` is called when nobody reads it any more; it does not return to the writer. */
export class DescriptorSink implements ReplySink {
  readonly #fd: number;
  readonly #onGone: (error: NodeJS.ErrnoException) => void;
  #gone = false;

  constructor(fd: number, onGone: (error: NodeJS.ErrnoException) => void) {
    this.#fd = fd;
    this.#onGone = onGone;
  }

  write(bytes: Uint8Array, length: number): void {
    for (let offset = 0; offset < length && !this.#gone; ) offset += this.#writeSome(bytes, offset, length - offset);
  }

  #writeSome(bytes: Uint8Array, offset: number, length: number): number {
    try {
      return writeSync(this.#fd, bytes, offset, length);
    } catch (error) {
      this.#onError(error as NodeJS.ErrnoException);
      return 0;
    }
  }

  /** The descriptor should be blocking, but whoever shares its file (a stdout of a child, say) can change that. */
  #onError(error: NodeJS.ErrnoException): void {
    if (error.code === 'EAGAIN') {
      Atomics.wait(clock, 0, 0, RETRY_AFTER);
      return;
    }
    this.#gone = true;
    this.#onGone(error);
  }
}
