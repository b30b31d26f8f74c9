import type { LastWords } from '@ostler/protocol';
import { OstlerError } from './ostler-error.js';
import { taskInWords, workerInWords } from './task-error.js';
import { remoteInWords } from './task-outcome-errors.js';

/** What ended a worker, and the task that had left it behind (0 = unknown): a timer, a promise, a thread. */
export interface Leftover {
  readonly taskId: number;
  readonly words: LastWords;
}

/** "what task 1 (handler 'resize') had left behind: Error: out of cheese" */
export function leftoverInWords({ taskId, words }: Leftover): string {
  const task = taskInWords({ taskId, handler: words.handler, attempt: 1, started: true, pool: '' });
  return `what ${task} had left behind: ${remoteInWords(words)}`;
}

/** Tells of a task that has ended well and harmed others later: it has no caller any more who could be told. */
export function leftoverWarning(leftover: Leftover, pool: string, pid: number | undefined): OstlerError {
  const story = `${pool}: ${workerInWords(pid)} died of ${leftoverInWords(leftover)}`;
  return new OstlerError(story, 'ERR_WORKER_CRASHED', { cause: leftover.words });
}
