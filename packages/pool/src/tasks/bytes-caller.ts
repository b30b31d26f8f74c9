import type { Frame } from '@ostler/protocol';
import { ownBytes } from './body.js';
import type { TaskCaller } from './pending-task.js';

/** Who waits for the bytes of a `run`. */
export class BytesCaller implements TaskCaller {
  constructor(
    private readonly resolve: (bytes: Uint8Array) => void,
    readonly reject: (error: Error) => void,
  ) {}

  fulfil({ body }: Frame): void {
    this.resolve(ownBytes(body));
  }
}
