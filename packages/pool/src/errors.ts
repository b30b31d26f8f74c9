/** What can go wrong, in classes; docs/errors.md explains each by its code. */
export { InvalidOptionError, type InvalidOptionFacts } from './errors/invalid-option-error.js';
export { OsControlError, type OsControlFacts } from './errors/os-control-error.js';
export { ERROR_CODES, type ErrorCode, OstlerError, withoutFrames } from './errors/ostler-error.js';
export { BodyTooLargeError, PoolClosedError, QueueFullError } from './errors/refusal-errors.js';
export { TaskError, type TaskFacts } from './errors/task-error.js';
export { TaskAbortedError, TaskFailedError, TaskTimeoutError } from './errors/task-outcome-errors.js';
export {
  type AttemptEvidence,
  PoisonTaskError,
  ProtocolError,
  type ProtocolFacts,
  ResourceLimitError,
  WorkerCrashedError,
  type WorkerCrashFacts,
} from './errors/worker-errors.js';
export { WorkerStartError, type WorkerStartFacts } from './errors/worker-start-error.js';
