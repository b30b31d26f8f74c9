import type { Frame, RemoteError } from '@ostler/protocol';
import type { RetireReason } from '../core/index.js';
import type { Leftover } from '../errors/leftover.js';
import type { WorkerStartError } from '../errors.js';
import type { WorkerGone, WorkerViolation } from '../worker-process/worker-process.js';

/** The facts of the event that ends tasks; each event has some of them. */
export interface Ending {
  /** The reply that came. */
  frame?: Frame | undefined;
  remote?: RemoteError | undefined;
  workerId?: number | undefined;
  pid?: number | undefined;
  /** When, where the event knows it. */
  now?: number | undefined;
  /** The end of the worker that held them, and why it was asked to leave. */
  gone?: WorkerGone | undefined;
  reason?: RetireReason | null | undefined;
  /** Another task's doing, which that worker died of. */
  leftover?: Leftover | undefined;
  startError?: WorkerStartError | undefined;
  violation?: WorkerViolation | undefined;
}
