import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import * as errors from '../../src/errors.js';
import { ERROR_CODES, OstlerError, TaskError, withoutFrames } from '../../src/errors.js';

const TASK = { pool: 'p', handler: 'h', taskId: 7, started: true, attempt: 2 };
const EXIT = { pid: 5, exitCode: 1, signal: null };
const START = {
  pool: 'p',
  command: ['w'],
  cwd: '/',
  phase: 'spawn',
  exit: EXIT,
  stderrTail: 'a',
  stdoutHead: '',
  timedOut: false,
  spawnError: null,
  handshakeError: null,
  initError: null,
} as const;
const reason = new Error('left');
const remote = { name: 'TypeError', message: 'x', stack: 's', data: { a: 1 } };
const evidence = [{ attempt: 1, workerId: 3, exit: EXIT, stderrTail: '' }];

/** The table of the contract: class, code, fields. */
const TABLE: [error: OstlerError, className: string, code: string, fields: Record<string, unknown>][] = [
  [new errors.TaskAbortedError({ ...TASK, cause: reason }), 'TaskAbortedError', 'ERR_TASK_ABORTED', { cause: reason }],
  [
    new errors.TaskTimeoutError({ ...TASK, phase: 'queue', timeout: 5 }),
    'TaskTimeoutError',
    'ERR_TASK_TIMEOUT',
    { phase: 'queue', timeout: 5 },
  ],
  [new errors.TaskFailedError({ ...TASK, remote }), 'TaskFailedError', 'ERR_TASK_FAILED', { remote }],
  [
    new errors.WorkerCrashedError({ ...TASK, exit: EXIT, stderrTail: 'x\nMemoryError', unresponsive: false }),
    'WorkerCrashedError',
    'ERR_WORKER_CRASHED',
    { exit: EXIT, stderrTail: 'x\nMemoryError', oom: 'runtime', unresponsive: false },
  ],
  [
    new errors.WorkerCrashedError({ ...TASK, exit: EXIT, stderrTail: '', unresponsive: true, oom: 'kernel' }),
    'WorkerCrashedError',
    'ERR_WORKER_CRASHED',
    { exit: EXIT, stderrTail: '', oom: 'kernel', unresponsive: true },
  ],
  [
    new errors.ResourceLimitError({ ...TASK, resource: 'memory', limit: 5, used: 6, pid: 5 }),
    'ResourceLimitError',
    'ERR_RESOURCE_LIMIT',
    { limit: 5, used: 6 },
  ],
  [
    new errors.WorkerStartError(START).forTask(TASK),
    'WorkerStartError',
    'ERR_WORKER_START',
    { phase: 'spawn', exit: EXIT, stderrTail: 'a' },
  ],
  [
    new errors.ProtocolError({ ...TASK, side: 'worker', offset: 8, excerpt: 'x', message: 'bad' }),
    'ProtocolError',
    'ERR_PROTOCOL',
    { side: 'worker', offset: 8, excerpt: 'x' },
  ],
  [new errors.PoisonTaskError({ ...TASK, evidence }), 'PoisonTaskError', 'ERR_POISON_TASK', { evidence }],
  [
    new errors.BodyTooLargeError({ ...TASK, direction: 'reply', size: 9, limit: 8 }),
    'BodyTooLargeError',
    'ERR_BODY_TOO_LARGE',
    { direction: 'reply', size: 9, limit: 8 },
  ],
  [
    new errors.QueueFullError({ ...TASK, option: 'maxQueueSize', limit: 8 }),
    'QueueFullError',
    'ERR_QUEUE_FULL',
    { limit: 8 },
  ],
  [new errors.PoolClosedError(TASK), 'PoolClosedError', 'ERR_POOL_CLOSED', {}],
  [
    new errors.InvalidOptionError({ option: 'a.b', value: 5, expected: 'a string' }),
    'InvalidOptionError',
    'ERR_INVALID_OPTION',
    { option: 'a.b', value: 5 },
  ],
  [
    new errors.OsControlError({ action: 'x', syscall: 'setpriority', errno: 13, pid: 5 }),
    'OsControlError',
    'ERR_OS_CONTROL',
    { syscall: 'setpriority', errno: 13, pid: 5 },
  ],
];

describe('every error of the contract', () => {
  test.each(TABLE)('%s is a %s with the code %s and its fields', (error, className, code, fields) => {
    expect(error).toBeInstanceOf(OstlerError);
    expect(error).toBeInstanceOf(Error);
    expect(error.constructor.name).toBe(className);
    expect(error.name).toBe(className === 'TaskAbortedError' ? 'AbortError' : className);
    expect(error.code).toBe(code);
    expect({ ...error, cause: error.cause }).toMatchObject(fields);
    expect(Object.keys(error)).not.toContain('name');
    expect(inspect(error)).toMatch(error.message);
  });

  test('is in the table', () => {
    const inTable = new Set(TABLE.map(([error]) => error.code));
    expect([...inTable]).toEqual([...ERROR_CODES]);
    const classes = Object.entries(errors).filter(([name]) => name.endsWith('Error'));
    const tested = new Set<unknown>([OstlerError, TaskError, ...TABLE.map(([error]) => error.constructor)]);
    for (const [name, errorClass] of classes) expect(tested, name).toContain(errorClass);
  });

  test('that is about a task says which, whether it may have begun, and which attempt it was', () => {
    const others = new Set(['ERR_INVALID_OPTION', 'ERR_OS_CONTROL']);
    for (const [error] of TABLE) {
      expect(error instanceof TaskError).toBe(!others.has(error.code));
      if (error instanceof TaskError) expect(error).toMatchObject({ taskId: 7, started: true, attempt: 2 });
    }
  });

  test('has no cause where there is none', () => {
    expect('cause' in new errors.PoolClosedError(TASK)).toBe(false);
  });
});

describe('an error without frames', () => {
  const limit = Error.stackTraceLimit;
  afterEach(() => {
    Error.stackTraceLimit = limit;
  });

  test('has a stack of its message only', () => {
    const error = withoutFrames(() => new errors.PoolClosedError(TASK));
    expect(error.stack).toBe(`PoolClosedError: ${error.message}`);
    expect(new errors.PoolClosedError(TASK).stack).toMatch(/\n\s+at /);
  });

  test('leaves the limit of the frames as it was, also when its making fails', () => {
    Error.stackTraceLimit = 33;
    expect(() =>
      withoutFrames(() => {
        throw reason;
      }),
    ).toThrow(reason);
    expect(Error.stackTraceLimit).toBe(33);
  });

  test('keeps its frames where the intrinsics are frozen', () => {
    const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
    Object.defineProperty(Error, 'stackTraceLimit', { ...descriptor, writable: false });
    try {
      expect(withoutFrames(() => new errors.PoolClosedError(TASK)).stack).toMatch(/\n\s+at /);
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', descriptor);
    }
  });
});
