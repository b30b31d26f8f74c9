import { describe, expect, test } from 'vitest';
import {
  BodyTooLargeError,
  OsControlError,
  PoisonTaskError,
  PoolClosedError,
  ProtocolError,
  QueueFullError,
  ResourceLimitError,
  TaskAbortedError,
  type TaskFacts,
  TaskFailedError,
  TaskTimeoutError,
  WorkerCrashedError,
} from '../../src/errors.js';

const TASK: TaskFacts = { pool: 'thumbs', handler: 'resize', taskId: 17, started: true, attempt: 1 };
const WAITING: TaskFacts = { ...TASK, started: false };
const REFUSED: TaskFacts = { ...TASK, taskId: 0, started: false, attempt: 0 };
const SEGFAULT = { pid: 812, exitCode: null, signal: 'SIGSEGV' };
const OUT_OF_MEMORY =
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n';

const STORIES: [error: Error, message: string][] = [
  [
    new TaskAbortedError({ ...TASK, cause: new DOMException('This operation was aborted', 'AbortError') }),
    "thumbs: task 17 (handler 'resize') was aborted while it ran",
  ],
  [
    new TaskAbortedError({ ...WAITING, cause: new Error('the user\nleft') }),
    "thumbs: task 17 (handler 'resize') was aborted before it began: Error: the user left",
  ],
  [
    new TaskAbortedError({ ...REFUSED, cause: 'too late' }),
    "thumbs: a task (handler 'resize') was aborted before it began: too late",
  ],
  [
    new TaskTimeoutError({ ...WAITING, phase: 'queue', timeout: 500 }),
    "thumbs: task 17 (handler 'resize') waited for a worker longer than its queueTimeout of 500 ms",
  ],
  [
    new TaskTimeoutError({ ...TASK, attempt: 3, phase: 'run', timeout: 500, pid: 812 }),
    "thumbs: task 17 (handler 'resize', attempt 3) ran longer than its timeout of 500 ms in worker pid 812",
  ],
  [
    new TaskFailedError({ ...TASK, pid: 812, remote: { name: 'TypeError', message: 'x is not\na function' } }),
    "thumbs: task 17 (handler 'resize') failed in worker pid 812: TypeError: x is not a function",
  ],
  [
    new TaskFailedError({ ...TASK, handler: undefined, remote: { name: 'Error', message: '' } }),
    'thumbs: task 17 failed in its worker: Error',
  ],
  [
    new WorkerCrashedError({ ...TASK, exit: SEGFAULT, stderrTail: 'one\nSegmentation fault\n', unresponsive: false }),
    "thumbs: worker pid 812 was killed by SIGSEGV (an access to memory that is not its own, usually a bug in native code) while it ran task 17 (handler 'resize'); its stderr ended with: Segmentation fault",
  ],
  [
    new WorkerCrashedError({
      ...WAITING,
      exit: { pid: 812, exitCode: 3, signal: null },
      stderrTail: '',
      unresponsive: false,
    }),
    "thumbs: worker pid 812 exited with code 3 before it began task 17 (handler 'resize')",
  ],
  [
    new WorkerCrashedError({
      ...TASK,
      exit: { pid: 812, exitCode: null, signal: 'SIGKILL' },
      stderrTail: '',
      unresponsive: true,
    }),
    "thumbs: worker pid 812 no longer answered and was killed while it ran task 17 (handler 'resize')",
  ],
  [
    new WorkerCrashedError({
      ...TASK,
      exit: { pid: 812, exitCode: null, signal: 'SIGABRT' },
      stderrTail: OUT_OF_MEMORY,
      unresponsive: false,
    }),
    "thumbs: worker pid 812 was killed by SIGABRT (it ended itself: a failed assertion, or its runtime gave up) while it ran task 17 (handler 'resize'); its memory had run out; its stderr ended with: FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
  ],
  [
    new ResourceLimitError({ ...TASK, pid: 812, resource: 'memory', limit: 1024, used: 2048 }),
    "thumbs: worker pid 812 went over resources.memory (1024 bytes, it used 2048) while it ran task 17 (handler 'resize') and was killed",
  ],
  [
    new ProtocolError({
      ...TASK,
      pid: 812,
      side: 'worker',
      offset: 96,
      excerpt: '\\xf8OST',
      message: 'the trailer does not match',
    }),
    "thumbs: worker pid 812 broke the protocol at byte 96: the trailer does not match, while it ran task 17 (handler 'resize'); found there: \\xf8OST",
  ],
  [
    new ProtocolError({ ...WAITING, side: 'pool', offset: 0, excerpt: '', message: 'no such type' }),
    "thumbs: its worker says that the pool broke the protocol: no such type, before it began task 17 (handler 'resize')",
  ],
  [
    new PoisonTaskError({
      ...TASK,
      attempt: 2,
      evidence: [
        { attempt: 1, workerId: 1, exit: { ...SEGFAULT, pid: 800 }, stderrTail: '' },
        { attempt: 2, workerId: 2, exit: { pid: 812, exitCode: 3, signal: null }, stderrTail: 'gasp' },
      ],
    }),
    "thumbs: task 17 (handler 'resize') killed 2 workers and is not tried again; the last one, pid 812, exited with code 3; its stderr ended with: gasp",
  ],
  [
    new BodyTooLargeError({ ...REFUSED, direction: 'task', size: 70, limit: 64 }),
    "thumbs: the body of a task (handler 'resize') has 70 bytes, maxBodySize is 64",
  ],
  [
    new BodyTooLargeError({ ...TASK, direction: 'reply', size: 70, limit: 64 }),
    "thumbs: the reply of task 17 (handler 'resize') has 70 bytes, maxBodySize is 64",
  ],
  [
    new QueueFullError({ ...REFUSED, option: 'maxQueueSize', limit: 100 }),
    "thumbs: the queue is full: 100 tasks wait (maxQueueSize); wait for room() or the event 'drain'",
  ],
  [
    new QueueFullError({ ...REFUSED, option: 'maxQueueBytes', limit: 1024 }),
    "thumbs: the queue is full: 1024 bytes of bodies may wait (maxQueueBytes); wait for room() or the event 'drain'",
  ],
  [new PoolClosedError(REFUSED), 'thumbs: the pool is closed'],
  [new PoolClosedError(WAITING), "thumbs: the pool was closed before task 17 (handler 'resize') ran"],
  [new PoolClosedError(TASK), "thumbs: the pool was closed while task 17 (handler 'resize') ran"],
  [
    new OsControlError({ action: 'set the CPU affinity', syscall: 'sched_setaffinity', errno: 22, pid: 812 }),
    'cannot set the CPU affinity of pid 812: sched_setaffinity failed with errno 22',
  ],
  [
    new OsControlError({
      pool: 'thumbs',
      action: 'set the priority',
      syscall: 'SetPriorityClass',
      winerr: 5,
      pid: 812,
      reason: 'access denied',
    }),
    'thumbs: cannot set the priority of pid 812: SetPriorityClass failed with Windows error 5 (access denied)',
  ],
];

describe('the message', () => {
  for (const [error, message] of STORIES) {
    test(`of ${error.constructor.name} tells the story: ${message}`, () => {
      expect(error.message).toBe(message);
      expect(message).not.toMatch(/[\n\r]/);
    });
  }
});
