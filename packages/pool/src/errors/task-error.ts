import { oneLine } from './one-line.js';
import { type ErrorCode, nameErrors, OstlerError } from './ostler-error.js';

/** What is known of a task when it fails. A `taskId` of 0: it never came in, or no task was involved. */
export interface TaskFacts {
  pool: string;
  handler?: string | undefined;
  taskId: number;
  /** It may have begun. */
  started: boolean;
  /** 1 for the first; 0 where there was none. */
  attempt: number;
}

/** Why a task has no reply. `started` says whether it may have begun. */
export abstract class TaskError extends OstlerError {
  readonly taskId: number;
  readonly started: boolean;
  readonly attempt: number;

  static {
    nameErrors(TaskError, 'TaskError');
  }

  constructor(story: string, code: ErrorCode, facts: TaskFacts & { cause?: unknown }) {
    super(`${facts.pool}: ${story}`, code, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.taskId = facts.taskId;
    this.started = facts.started;
    this.attempt = facts.attempt;
  }
}

/** "task 17 (handler 'resize', attempt 2)" */
export function taskInWords({ taskId, handler, attempt }: TaskFacts): string {
  const details = [];
  if (handler !== undefined) details.push(`handler '${oneLine(handler)}'`);
  if (attempt > 1) details.push(`attempt ${attempt}`);
  const task = taskId === 0 ? 'a task' : `task ${taskId}`;
  return details.length === 0 ? task : `${task} (${details.join(', ')})`;
}

/** "worker pid 812" */
export function workerInWords(pid: number | undefined): string {
  return pid === undefined || pid === 0 ? 'its worker' : `worker pid ${pid}`;
}
