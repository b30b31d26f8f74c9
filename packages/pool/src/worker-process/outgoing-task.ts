import type { RunOptions } from '../run-options.js';

/** A task as it goes to a worker. Its body must not change until it has been answered. */
export interface OutgoingTask {
  readonly id: number;
  readonly handler: string;
  readonly options: RunOptions | undefined;
  /** A string goes out as UTF-8. */
  readonly body: Uint8Array | string;
  readonly encoding: number;
  /** The encoded metadata; undefined where all of it has its default. */
  readonly metadata: Uint8Array | undefined;
  /** Whether the caller takes the reply in chunks. */
  readonly stream: boolean;
}
