import { decodeValue, type Frame } from '@ostler/protocol';
import type { TaskCaller } from './pending-task.js';

/** Who waits for the value of a `call`. It is decoded before the task is settled, as a worker may have sent none. */
export class ValueCaller implements TaskCaller {
  #value: unknown;

  constructor(
    private readonly resolve: (value: unknown) => void,
    readonly reject: (error: Error) => void,
  ) {}

  read({ encoding, body }: Frame): void {
    this.#value = decodeValue(encoding, body);
  }

  fulfil(): void {
    this.resolve(this.#value);
  }
}
