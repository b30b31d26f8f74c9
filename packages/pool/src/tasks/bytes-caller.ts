import type { Frame } from '@ostler/protocol';
import { ownBytes } from './body.js';
import type { TaskCaller } from './pending-task.js';

/** Who waits for the bytes of a `run`. Keeps one of the promise's two functions: the other one would cost a waiting task 64 bytes. */
export class BytesCaller implements TaskCaller {
  readonly #resolve: (reply: Uint8Array | Promise<never>) => void;

  constructor(resolve: (reply: Uint8Array | Promise<never>) => void) {
    this.#resolve = resolve;
  }

  fulfil({ body }: Frame): void {
    this.#resolve(ownBytes(body));
  }

  reject(error: Error): void {
    this.#resolve(Promise.reject(error));
  }
}
