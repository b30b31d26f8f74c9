import type { TaskMetadata } from '@ostler/protocol';

/** A piece of a script: each `yield` is a point at which something else may happen, the worker's death too. */
export type Steps = Generator<void, void>;

/** A task as a worker sees it. */
export interface ReceivedTask extends TaskMetadata {
  readonly id: number;
  readonly encoding: number;
  readonly stream: boolean;
  readonly body: Uint8Array;
  /** CANCEL has come. */
  cancelled: boolean;
}
