import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProcessPool, WorkerCrashedError, WorkerStartError } from '../../src/index.js';
import { type InProcessOptions, type InProcessPool, inProcessPool } from '../../src/testing/index.js';

const handlers = {
  default: (body: Uint8Array) => body,
  double: ({ n }: { n: number }) => ({ n: n * 2 }),
};

const pools: ProcessPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

function open(options: InProcessOptions = {}): InProcessPool<typeof handlers> {
  const pool = inProcessPool(handlers, { maxWorkers: 2, ...options });
  pools.push(pool);
  return pool;
}

test('it is a pool, which speaks the protocol with its handlers', async () => {
  const pool = open();
  expect(pool).toBeInstanceOf(ProcessPool);
  expect(await pool.call('double', { n: 2 })).toEqual({ n: 4 });
  const refused = pool.call('double', { n: Number.NaN });
  await expect(refused).rejects.toThrow('NaN at /n: JSON cannot carry it unchanged');
});

test('a planned crash rejects the one task that met it, and its worker is replaced', async () => {
  const pool = open({ maxWorkers: 1 });
  pool.crashNext();
  const replies = await Promise.allSettled(['a', 'b', 'c'].map((body) => pool.run(body)));
  expect(replies.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  const [crashed] = replies as [PromiseRejectedResult];
  expect(crashed.reason).toBeInstanceOf(WorkerCrashedError);
  expect(crashed.reason).toMatchObject({ started: true, exit: { exitCode: null, signal: 'SIGSEGV' } });
  expect(pool.stats()).toMatchObject({ crashes: 1, started: 2, tasks: { crashed: 1, succeeded: 2 } });
});

test('a planned crash may have an exit code, and is survived by a task with retries', async () => {
  const pool = open();
  pool.crashNext({ exitCode: 3 });
  const exits: unknown[] = [];
  pool.on('worker-exit', ({ exit, reason }) => exits.push([exit.exitCode, reason]));
  expect(await pool.call('double', { n: 1 }, { retries: { attempts: 1 } })).toEqual({ n: 2 });
  expect(exits).toEqual([[3, 'crash']]);
});

test('two planned crashes convict a task with one retry', async () => {
  const pool = open();
  pool.crashNext();
  pool.crashNext({ exitCode: 1 });
  await expect(pool.run('x', { retries: { attempts: 1 } })).rejects.toMatchObject({ code: 'ERR_POISON_TASK' });
  expect(Buffer.from(await pool.run('y')).toString()).toBe('y');
});

test('a task that hangs is ended by its time-out, and what waits behind it runs', async () => {
  const pool = open({ maxWorkers: 1, killGrace: 5 });
  pool.hangNext();
  const hung = pool.run('x', { timeout: 10 });
  const behind = pool.run('y');
  await expect(hung).rejects.toMatchObject({ code: 'ERR_TASK_TIMEOUT', phase: 'run', started: true });
  expect(Buffer.from(await behind).toString()).toBe('y');
  expect(pool.stats().retired.timeout).toBe(1);
});

test('a task that hangs is ended by an abort, and by destroy()', async () => {
  const pool = open({ killGrace: 5 });
  pool.hangNext();
  const abort = new AbortController();
  const aborted = pool.run('x', { signal: abort.signal, onProgress: () => {} });
  abort.abort(new Error('enough'));
  await expect(aborted).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED', cause: { message: 'enough' } });
  pool.hangNext();
  const hung = pool.run('y');
  await Promise.all([expect(hung).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' }), pool.destroy()]);
});

test('an init that throws is a failed start; a close runs when the pool ends', async () => {
  const broken = inProcessPool({ ...handlers, init: () => Promise.reject(new Error('no model')) });
  pools.push(broken);
  await expect(broken.ready()).rejects.toThrow(WorkerStartError);
  await expect(broken.run('x')).rejects.toThrow(/the init of worker pid \d+ failed: Error: no model/);
  const close = vi.fn();
  const pool = inProcessPool({ ...handlers, close }, { minWorkers: 2, maxWorkers: 2 });
  await pool.ready();
  await pool.close();
  expect(close).toHaveBeenCalledTimes(2);
});

test('limits, queues and keys are those of the pool', async () => {
  const pool = open({ maxWorkers: 1, maxQueueSize: 1, minWorkers: 0 });
  const first = pool.run('a');
  await expect(pool.run('b')).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL', limit: 1 });
  await first;
  expect(() => open({ resources: { memory: '1GiB' } })).toThrow(/the handlers run in this process/);
});

test.each([
  [{ command: ['node'] }, 'command'],
  [{ worker: '/w.js' }, 'worker'],
  [{ env: {} }, 'env'],
  [{ protocol: 'frames' }, 'protocol'],
])('%o is refused, as there is no process', (options, option) => {
  const message = `${option}: a pool without processes has no use for it: leave it out in tests`;
  expect(() => inProcessPool(handlers, options as InProcessOptions)).toThrow(message);
});

test('handlers that are none are refused', () => {
  expect(() => inProcessPool({ not: 'a function' })).toThrow(/^handlers: what inProcessPool was given is no worker/);
});

describe('under fake timers', () => {
  beforeEach(() => {
    const toFake = ['setTimeout', 'setInterval', 'setImmediate', 'performance', 'Date'];
    vi.useFakeTimers({ toFake: toFake as never });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('it goes on, as a real pool does', async () => {
    const pool = open({ killGrace: 5 });
    expect(await pool.call('double', { n: 4 })).toEqual({ n: 8 });
    pool.hangNext();
    await expect(pool.run('x', { timeout: 10 })).rejects.toMatchObject({ code: 'ERR_TASK_TIMEOUT' });
    pool.crashNext();
    await expect(pool.run('x')).rejects.toMatchObject({ code: 'ERR_WORKER_CRASHED' });
    await pool.close();
  });
});
