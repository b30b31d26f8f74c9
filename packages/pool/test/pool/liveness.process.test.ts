import { load } from '@ostler/native';
import { type CoreTuning, DEFAULT_TUNING } from '@ostler/pool/core';
import { describe, expect, it } from 'vitest';
import { next, open, record, stop, text } from './support.js';

const WINDOWS = process.platform === 'win32';
const worker = new URL('fixtures/telling.mjs', import.meta.url);
/** Milliseconds between two looks at a busy worker, and between two pings of an idle one: a test has less patience. */
const INTERVAL = 300;
Object.assign<CoreTuning, Partial<CoreTuning>>(DEFAULT_TUNING, { inspectInterval: INTERVAL, pingInterval: INTERVAL });

/** Milliseconds: several looks. */
const LONG = '1500';

describe('a worker that was stopped', () => {
  it.skipIf(WINDOWS)('while it ran a task is found, told to the caller and replaced (needs POSIX)', async () => {
    const pool = open({ worker });
    const { pid } = await next(pool, 'worker-ready');
    const onProgress = () => stop(pid);
    await expect(pool.run('', { handler: 'wait', onProgress })).rejects.toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      unresponsive: true,
      started: true,
      exit: { pid, signal: 'SIGKILL' },
    });
    expect(pool.stats().retired.unresponsive).toBe(1);
    expect(text(await pool.run('next'))).toBe('next');
  });

  it.skipIf(WINDOWS && load().binding === undefined)(
    'while it was idle is found without any task, and replaced (needs POSIX or the addon)',
    async () => {
      const pool = open({ worker });
      const { pid } = await next(pool, 'worker-ready');
      stop(pid);
      expect(await next(pool, 'worker-exit')).toMatchObject({ reason: 'unresponsive', exit: { pid } });
      expect(text(await pool.run('next'))).toBe('next');
      expect(pool.stats().tasks).toMatchObject({ crashed: 0, succeeded: 1 });
    },
  );
});

it('a worker that computes, or waits, for as long as it likes is left alone', async () => {
  const pool = open({ worker, minWorkers: 2, maxWorkers: 2 });
  const exits = record(pool, 'worker-exit');
  await Promise.all([pool.run(LONG, { handler: 'compute' }), pool.run(LONG, { handler: 'sleep' })]);
  expect(exits).toEqual([]);
});
