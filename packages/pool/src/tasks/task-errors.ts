import type { RemoteError } from '@ostler/protocol';
import type { TaskOutcome } from '../core/index.js';
import { leftoverInWords } from '../errors/leftover.js';
import { reachedLimit } from '../errors/memory-limit.js';
import {
  BodyTooLargeError,
  PoisonTaskError,
  PoolClosedError,
  ProtocolError,
  ResourceLimitError,
  TaskAbortedError,
  type TaskFacts,
  TaskFailedError,
  TaskTimeoutError,
  WorkerCrashedError,
  type WorkerStartError,
  withoutFrames,
} from '../errors.js';
import type { WorkerGone, WorkerViolation } from '../worker-process/worker-process.js';
import type { Ending } from './ending.js';
import type { PendingTask } from './pending-task.js';

/** Puts an outcome and its facts into the error of the contract. */
export function errorFor(
  outcome: Exclude<TaskOutcome, 'succeeded'>,
  task: PendingTask,
  facts: TaskFacts & { ending: Ending },
): Error {
  return withoutFrames(() => createError(outcome, task, facts));
}

function createError(
  outcome: Exclude<TaskOutcome, 'succeeded'>,
  task: PendingTask,
  { ending, ...facts }: TaskFacts & { ending: Ending },
): Error {
  const { pid } = ending;
  switch (outcome) {
    case 'failed':
      return failure(ending.remote as RemoteError, facts, pid);
    case 'crashed':
      return crash(ending, facts);
    case 'poison':
      return new PoisonTaskError({ ...facts, evidence: task.evidence ?? [] });
    case 'protocol-error':
      return new ProtocolError({ ...facts, ...(ending.violation as WorkerViolation), pid });
    case 'timed-out-waiting':
      return new TaskTimeoutError({ ...facts, phase: 'queue', timeout: task.queueTimeout });
    case 'timed-out-running':
      return new TaskTimeoutError({ ...facts, phase: 'run', timeout: task.timeout, pid });
    case 'aborted':
      return new TaskAbortedError({ ...facts, cause: task.signal?.reason });
    case 'start-failed':
      return (ending.startError as WorkerStartError).forTask(facts);
    case 'closed':
      return new PoolClosedError(facts);
  }
}

/** A reply over the limit is the pool's own error, found by the worker before it was sent. */
function failure(remote: RemoteError, facts: TaskFacts, pid: number | undefined): Error {
  const { size, limit } = remote.data ?? {};
  if (remote.name === 'BodyTooLargeError' && typeof size === 'number' && typeof limit === 'number') {
    return new BodyTooLargeError({ ...facts, direction: 'reply', size, limit });
  }
  return new TaskFailedError({ ...facts, remote, pid });
}

function crash({ gone, reason, leftover, startError }: Ending, facts: TaskFacts): Error {
  if (startError !== undefined) return startError.forTask(facts);
  const { exit, stderrTail, memory } = gone as WorkerGone;
  const reached = reachedLimit({ exit, stderrTail, memory });
  if (reached !== null) return new ResourceLimitError({ ...facts, ...reached, resource: 'memory', pid: exit.pid });
  const unresponsive = reason === 'unresponsive';
  const diedOf = leftover === undefined ? undefined : leftoverInWords(leftover);
  return new WorkerCrashedError({ ...facts, exit, stderrTail, unresponsive, diedOf });
}
