import type { RemoteError } from '@ostler/protocol';
import { oneLine } from './one-line.js';
import { nameErrors } from './ostler-error.js';
import { TaskError, type TaskFacts, taskInWords, workerInWords } from './task-error.js';

/** The caller's signal was aborted. Its name is AbortError, its cause the signal's reason. */
export class TaskAbortedError extends TaskError {
  static {
    nameErrors(TaskAbortedError, 'AbortError');
  }

  constructor(facts: TaskFacts & { cause: unknown }) {
    const when = facts.started ? 'while it ran' : 'before it began';
    super(`${taskInWords(facts)} was aborted ${when}${reasonInWords(facts.cause)}`, 'ERR_TASK_ABORTED', facts);
  }
}

/** A task waited longer than its `queueTimeout`, or ran longer than its `timeout`. */
export class TaskTimeoutError extends TaskError {
  readonly phase: 'queue' | 'run';
  /** Milliseconds. */
  readonly timeout: number;

  static {
    nameErrors(TaskTimeoutError, 'TaskTimeoutError');
  }

  constructor(facts: TaskFacts & { phase: 'queue' | 'run'; timeout: number; pid?: number | undefined }) {
    const { phase, timeout, pid } = facts;
    const task = taskInWords(facts);
    const story =
      phase === 'queue'
        ? `${task} waited for a worker longer than its queueTimeout of ${timeout} ms`
        : `${task} ran longer than its timeout of ${timeout} ms in ${workerInWords(pid)}`;
    super(story, 'ERR_TASK_TIMEOUT', facts);
    this.phase = phase;
    this.timeout = timeout;
  }
}

/** The handler threw; the worker is well. `remote` is what it threw. */
export class TaskFailedError extends TaskError {
  readonly remote: RemoteError;

  static {
    nameErrors(TaskFailedError, 'TaskFailedError');
  }

  constructor(facts: TaskFacts & { remote: RemoteError; pid?: number | undefined }) {
    const { remote, pid } = facts;
    super(`${taskInWords(facts)} failed in ${workerInWords(pid)}: ${remoteInWords(remote)}`, 'ERR_TASK_FAILED', facts);
    this.remote = remote;
  }
}

/** "TypeError: x is not a function" */
export function remoteInWords({ name, message }: { name: string; message: string }): string {
  return oneLine(message === '' ? name : `${name}: ${message}`);
}

function reasonInWords(reason: unknown): string {
  if (reason instanceof Error) return isPlainAbort(reason) ? '' : `: ${remoteInWords(reason)}`;
  return typeof reason === 'string' ? `: ${oneLine(reason)}` : '';
}

/** What `abort()` without a reason makes. */
function isPlainAbort(reason: Error): boolean {
  return reason.name === 'AbortError' && reason.message === 'This operation was aborted';
}
