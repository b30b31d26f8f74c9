import type { Handlers } from './handler.js';
import type { Task } from './task.js';

type Job = Record<string, unknown> & { name: string; data: unknown };

/** What BullMQ writes as JSON within the JSON of a job, by `job.asJSON()`. */
const TEXTS = ['data', 'returnvalue', 'failedReason', 'stacktrace'] as const;

/** What only the queue could do. */
const OF_THE_QUEUE = [
  'updateData',
  'moveToDelayed',
  'moveToWait',
  'moveToWaitingChildren',
  'getChildrenValues',
  'getIgnoredChildrenFailures',
  'getDependencies',
  'getDependenciesCount',
] as const;

/**
 * Handlers that may be BullMQ's sandboxed processors, `async (job, token, signal) => …`: a value that looks like a job, with
 * `id`, `name` and `data`, gets a job's methods. They are not enumerable, so that to any other handler it is what was sent.
 */
export function withJobs(handlers: Handlers): Handlers {
  const able = Object.entries(handlers).map(([name, handler]): [string, Handlers[string]] => [
    name,
    (input, task) => {
      if (!isJob(input)) return handler(input, task);
      return (handler as (...parameters: unknown[]) => unknown)(equip(input, task), task, task.signal);
    },
  ]);
  return Object.fromEntries(able);
}

function isJob(input: unknown): input is Job {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, 'data')) return false;
  const { id, name } = input as Record<string, unknown>;
  return typeof name === 'string' && (typeof id === 'string' || typeof id === 'number');
}

function equip(job: Job, task: Task): Job {
  if (typeof job.stacktrace === 'string') parseTexts(job);
  give(job, 'attemptsMade', task.attempt - 1);
  give(job, 'opts', {});
  give(job, 'progress', 0);
  give(job, 'returnValue', job.returnvalue);
  give(job, 'updateProgress', async (progress: unknown) => {
    job.progress = progress;
    task.progress(progress);
  });
  give(job, 'log', async (row: unknown) => task.log('info', String(row)));
  for (const name of OF_THE_QUEUE) give(job, name, () => refuse(name));
  return job;
}

function parseTexts(job: Record<string, unknown>): void {
  for (const name of TEXTS) if (typeof job[name] === 'string') job[name] = JSON.parse(job[name]);
}

function give(job: Job, name: string, value: unknown): void {
  if (!Object.hasOwn(job, name)) Object.defineProperty(job, name, { value, writable: true, configurable: true });
}

function refuse(name: string): Promise<never> {
  const problem = 'a worker of a pool does not reach the queue: return what the caller is to do there';
  return Promise.reject(new Error(`job.${name}(): ${problem}`));
}
