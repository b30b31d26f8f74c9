import { nameErrors } from './ostler-error.js';
import { TaskError, type TaskFacts, taskInWords } from './task-error.js';

/** A body, or a reply, of more bytes than `maxBodySize`. */
export class BodyTooLargeError extends TaskError {
  readonly direction: 'task' | 'reply';
  readonly size: number;
  readonly limit: number;

  static {
    nameErrors(BodyTooLargeError, 'BodyTooLargeError');
  }

  constructor(facts: TaskFacts & { direction: 'task' | 'reply'; size: number; limit: number }) {
    const { direction, size, limit } = facts;
    const what = direction === 'task' ? 'the body' : 'the reply';
    const story = `${what} of ${taskInWords(facts)} has ${size} bytes, maxBodySize is ${limit}`;
    super(story, 'ERR_BODY_TOO_LARGE', facts);
    this.direction = direction;
    this.size = size;
    this.limit = limit;
  }
}

/** Too much is waiting: more tasks than `maxQueueSize`, or more bytes than `maxQueueBytes`. */
export class QueueFullError extends TaskError {
  /** Tasks, or bytes. */
  readonly limit: number;
  readonly option: 'maxQueueSize' | 'maxQueueBytes';

  static {
    nameErrors(QueueFullError, 'QueueFullError');
  }

  constructor(facts: TaskFacts & { option: 'maxQueueSize' | 'maxQueueBytes'; limit: number }) {
    const { option, limit } = facts;
    const full = option === 'maxQueueSize' ? `${limit} tasks wait` : `${limit} bytes of bodies may wait`;
    super(`the queue is full: ${full} (${option}); wait for room() or the event 'drain'`, 'ERR_QUEUE_FULL', facts);
    this.option = option;
    this.limit = limit;
  }
}

/** The pool was closed or destroyed before the task had its reply. */
export class PoolClosedError extends TaskError {
  static {
    nameErrors(PoolClosedError, 'PoolClosedError');
  }

  constructor(facts: TaskFacts) {
    super(closedStory(facts), 'ERR_POOL_CLOSED', facts);
  }
}

function closedStory(facts: TaskFacts): string {
  if (facts.taskId === 0) return 'the pool is closed';
  return `the pool was closed ${facts.started ? 'while' : 'before'} ${taskInWords(facts)} ran`;
}
