import { getEventListeners } from 'node:events';
import type { ProcessPool } from '@ostler/pool';
import { describe, expect, it, vi } from 'vitest';
import { Gate } from './gate.js';
import { errorOf, isAlive, next, open, text } from './support.js';

/** What ends a process that heeds nothing: on Windows, the first signal does. */
const FORCE = process.platform === 'win32' ? 'SIGTERM' : 'SIGKILL';

/** Starts a task whose handler says when it runs, and waits for that. */
async function begin(pool: ProcessPool, handler: string, options = {}) {
  const controller = new AbortController();
  let reply: Promise<Uint8Array> = Promise.resolve(new Uint8Array(0));
  const said = await new Promise<unknown>((onProgress) => {
    reply = pool.run('', { handler, signal: controller.signal, ...options, onProgress });
    reply.catch(() => {}); // looked at later
  });
  return { reply, said, abort: (reason?: unknown) => controller.abort(reason) };
}

async function pidOf(pool: ProcessPool): Promise<number> {
  return (await pool.call('info', null)).pid;
}

describe('an abort', () => {
  it('before the submission keeps the task from being submitted', async () => {
    const pool = open();
    const reason = new Error('no longer needed');
    const error = await errorOf(pool.run('x', { signal: AbortSignal.abort(reason) }));
    expect(error).toMatchObject({ name: 'AbortError', code: 'ERR_TASK_ABORTED', started: false, cause: reason });
    expect(error.message).toMatch(/aborted before it began: Error: no longer needed$/);
    expect(pool.stats().tasks.submitted).toBe(0);
  });

  it('of a waiting task ends it at once, and no worker hears of it', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const first = pool.run('first', { handler: 'gated' });
    await gate.arrived('first');
    const controller = new AbortController();
    const waiting = pool.run('waiting', { handler: 'gated', signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED', started: false });
    gate.open();
    await first;
    await pool.run('last', { handler: 'gated' });
    expect(gate.begun).toEqual(['first', 'last']);
  });

  it('of a running task tells its handler, whose worker lives on', async () => {
    const pool = open();
    const pid = await pidOf(pool);
    const { reply, abort } = await begin(pool, 'wait');
    abort('enough');
    await expect(reply).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED', started: true, cause: 'enough' });
    expect(await pidOf(pool)).toBe(pid);
    expect(pool.stats().tasks).toMatchObject({ aborted: 1, failed: 0 });
  });

  it('that the handler does not heed ends with SIGTERM; the caller has long been told', async () => {
    const pool = open({ killGrace: 50 });
    const { reply, abort } = await begin(pool, 'stubborn');
    const exit = next(pool, 'worker-exit');
    abort();
    await expect(reply).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED' });
    expect(pool.stats().workers.total).toBe(1);
    expect(await exit).toMatchObject({ reason: 'aborted', exit: { exitCode: null, signal: 'SIGTERM' } });
    expect(text(await pool.run('next'))).toBe('next');
    expect(pool.stats()).toMatchObject({ crashes: 0, retired: { aborted: 1 } });
  });

  it('that neither the handler nor its process heeds ends by force, for its children, too', async () => {
    const pool = open({ killGrace: 50 });
    const { reply, said: child, abort } = await begin(pool, 'stubbornTree');
    const exit = next(pool, 'worker-exit');
    abort();
    await expect(reply).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED' });
    expect(await exit).toMatchObject({ reason: 'aborted', exit: { exitCode: null, signal: FORCE } });
    await vi.waitFor(() => expect(isAlive(child as number)).toBe(false));
  });

  it('during the back-off of a retry ends the task', async () => {
    const pool = open({ retries: { attempts: 1, on: ['failure'], backoff: 1_000_000 } });
    const controller = new AbortController();
    const failed = pool.run('1', { handler: 'failUntil', signal: controller.signal });
    await pool.run('behind it');
    expect(pool.stats().tasks.retried).toBe(1);
    controller.abort();
    await expect(failed).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED', started: true, attempt: 2 });
  });

  it('of one runMany ends all that is left of it, and nothing else', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const controller = new AbortController();
    const options = { handler: 'gated', signal: controller.signal };
    const outcomes = pool.runMany(['a', 'b', 'c', 'd'], options);
    const other = pool.run('other', { handler: 'gated' });
    await gate.pass('a');
    await gate.arrived('b');
    controller.abort(new Error('changed our minds'));
    const aborted = { status: 'rejected', reason: { code: 'ERR_TASK_ABORTED' } };
    expect(await outcomes).toMatchObject([{ status: 'fulfilled' }, aborted, aborted, aborted]);
    expect((await outcomes).map((each) => each.status === 'rejected' && each.reason)).toMatchObject([
      false,
      { started: true, cause: { message: 'changed our minds' } },
      { started: false },
      { started: false },
    ]);
    await gate.pass('other');
    expect(text(await other)).toBe('other');
    expect(gate.begun).toEqual(['a', 'b', 'other']);
  });

  it('after the end changes nothing, and its signal keeps no listener', async () => {
    const pool = open();
    const controller = new AbortController();
    const { signal } = controller;
    expect(text(await pool.run('done', { signal }))).toBe('done');
    await errorOf(pool.run('', { signal, handler: 'fail' }));
    await pool.runMany(['a', 'b'], { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    controller.abort();
    expect(pool.stats().tasks).toMatchObject({ submitted: 4, succeeded: 3, failed: 1, aborted: 0 });
  });
});

describe('a time-out', () => {
  it('ends the worker that is at fault, and no other one', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2, killGrace: 50 });
    const innocent = pool.run('innocent', { handler: 'gated' });
    await gate.arrived('innocent');
    const exit = next(pool, 'worker-exit');
    const guilty = pool.run('', { handler: 'stubborn', timeout: 100 });
    const waiting = pool.run('waiting');
    const error = await errorOf(guilty);
    expect(error).toMatchObject({ code: 'ERR_TASK_TIMEOUT', phase: 'run', timeout: 100, started: true });
    expect(error.message).toMatch(/ran longer than its timeout of 100 ms in worker pid \d+$/);
    expect(await exit).toMatchObject({ reason: 'timeout' });
    await gate.pass('innocent');
    expect(text(await innocent)).toBe('innocent');
    expect(text(await waiting)).toBe('waiting');
    expect(pool.stats()).toMatchObject({ retired: { timeout: 1 }, tasks: { timedOut: 1, succeeded: 2 } });
  });

  it('is told to the handler, and a worker whose handler heeds it lives on', async () => {
    const pool = open();
    const pid = await pidOf(pool);
    await expect(pool.run('', { handler: 'wait', timeout: 100 })).rejects.toMatchObject({ code: 'ERR_TASK_TIMEOUT' });
    expect(await pidOf(pool)).toBe(pid);
  });

  it('counts run time, not waiting time', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const first = pool.run('first', { handler: 'gated' });
    await gate.arrived('first');
    const patient = pool.run('patient', { timeout: 500 });
    await errorOf(pool.run('clock', { queueTimeout: 600 })); // so long has it waited
    gate.open();
    expect(text(await patient)).toBe('patient');
    await first;
  });

  it('of the waiting time ends a task that waits, which never runs', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const first = pool.run('first', { handler: 'gated' });
    await gate.arrived('first');
    const error = await errorOf(pool.run('late', { handler: 'gated', queueTimeout: 50 }));
    expect(error).toMatchObject({ code: 'ERR_TASK_TIMEOUT', phase: 'queue', timeout: 50, started: false });
    gate.open();
    expect(text(await first)).toBe('first');
    await pool.run('last', { handler: 'gated' });
    expect(gate.begun).toEqual(['first', 'last']);
  });

  it('of any length is taken as it is meant', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', onWarning);
    const huge = Number.MAX_SAFE_INTEGER;
    const pool = open({ taskTimeout: 2 ** 31, queueTimeout: huge, idleTimeout: huge, killGrace: 2 ** 40 });
    expect(text(await pool.run('x', { timeout: huge, queueTimeout: 2 ** 32 }))).toBe('x');
    await pool.close({ timeout: huge });
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });
});
