import type { ProcessPool } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { errorOf, isAlive, next, open, record, text } from './support.js';

const gated = { handler: 'gated' } as const;
const CLOSED = { code: 'ERR_POOL_CLOSED' };

/** A pool with one worker that runs `running`, which nothing ends, and the task `queued` behind it. */
async function occupied(options = {}) {
  const gate = await Gate.create();
  const pool = open({ env: gate.env, ...options });
  const running = pool.run('running', gated);
  const queued = pool.run('queued', gated);
  for (const reply of [running, queued]) reply.catch(() => {}); // looked at later
  await gate.arrived('running');
  return { gate, pool, running, queued };
}

/** Each way to ask a pool for something. */
const CALLS: [string, (pool: ProcessPool) => Promise<unknown>][] = [
  ['run', (pool) => pool.run('')],
  ['call', (pool) => pool.call('info', null)],
  ['runMany', (pool) => pool.runMany(['a', 'b'])],
  ['stream', (pool) => pool.stream('').next()],
  ['map', (pool) => pool.map(['a'])[Symbol.asyncIterator]().next()],
  ['callMap', (pool) => pool.callMap('info', [1])[Symbol.asyncIterator]().next()],
  ['ready', (pool) => pool.ready()],
  ['room', (pool) => pool.room()],
  ['replaceAll', (pool) => pool.replaceAll()],
];

describe('close()', () => {
  it('lets what runs and what waits come to its end, then the worker leaves by itself', async () => {
    const { gate, pool, running, queued } = await occupied();
    const exit = next(pool, 'worker-exit');
    const closed = pool.close();
    expect(pool.stats().state).toBe('closing');
    await expect(pool.run('too late')).rejects.toMatchObject({ ...CLOSED, started: false });
    gate.open();
    expect((await Promise.all([running, queued])).map(text)).toEqual(['running', 'queued']);
    await closed;
    expect(await exit).toMatchObject({ reason: 'closing', exit: { exitCode: 0, signal: null } });
    expect(pool.stats()).toMatchObject({ state: 'closed', workers: { total: 0 }, retired: { closing: 1 } });
  });

  it('of a pool whose workers are starting ends it, too', async () => {
    const pool = open({ minWorkers: 2, maxWorkers: 2 });
    await pool.close();
    expect(pool.stats()).toMatchObject({ state: 'closed', workers: { total: 0 }, crashes: 0 });
  });

  it('waits for a task that waits for the first worker', async () => {
    const pool = open({ minWorkers: 0 });
    const reply = pool.run('x');
    await pool.close();
    expect(text(await reply)).toBe('x');
  });

  it('of a paused pool finishes what waits', async () => {
    const pool = open();
    pool.pause();
    const reply = pool.run('x');
    await pool.close();
    expect(text(await reply)).toBe('x');
  });

  it('rejects what is left at its time-out', async () => {
    const { pool, running, queued } = await occupied({ killGrace: 50 });
    const closed = pool.close({ timeout: 50 });
    await expect(running).rejects.toMatchObject({ ...CLOSED, started: true });
    await expect(queued).rejects.toMatchObject({ ...CLOSED, started: false });
    await closed;
    expect(pool.stats()).toMatchObject({ workers: { total: 0 }, tasks: { rejected: 2 } });
  });

  it('does not wait for ever for a worker that does not leave', async () => {
    const pool = open({ worker: new URL('fixtures/never-closes.mjs', import.meta.url), killGrace: 50 });
    await pool.ready();
    const exit = next(pool, 'worker-exit');
    await pool.close();
    expect(await exit).toMatchObject({ reason: 'closing', exit: { exitCode: null, signal: 'SIGTERM' } });
  });

  it('may be called twice, with a time-out the second time, and once more when all is over', async () => {
    const { pool, running } = await occupied();
    const first = pool.close();
    const second = pool.close({ timeout: 50 });
    await expect(running).rejects.toMatchObject(CLOSED);
    await Promise.all([first, second]);
    await pool.close();
    await pool.destroy();
    expect(pool.stats().state).toBe('closed');
  });

  it('is what the end of an `await using` block calls', async () => {
    const pool = open();
    const reply = pool.run('x');
    await pool[Symbol.asyncDispose]();
    expect(text(await reply)).toBe('x');
    expect(pool.stats().state).toBe('closed');
  });

  it.each(CALLS)('makes %s() reject from then on', async (_name, call) => {
    const pool = open({ minWorkers: 0 });
    const closed = pool.close();
    expect(await errorOf(call(pool))).toMatchObject(CLOSED);
    await closed;
    expect(await errorOf(call(pool))).toMatchObject(CLOSED);
  });
});

describe('destroy()', () => {
  it('rejects everything that is pending, and kills the worker', async () => {
    const { gate, pool, running, queued } = await occupied({ maxQueueSize: 12 });
    const options = { ...gated };
    const pending = [
      running,
      queued,
      pool.call('gated', 'called'),
      pool.stream('streamed', options).next(),
      pool.map(['mapped'], options)[Symbol.asyncIterator]().next(),
      pool.replaceAll(),
    ];
    const batch = pool.runMany(['b1', 'b2'], options);
    const fill = Array.from({ length: 12 }, () => pool.run('fill', options).catch((error) => error));
    pending.push(pool.room());
    const failures = Promise.all(pending.map(errorOf));
    const exits = record(pool, 'worker-exit');
    expect(gate.begun).toEqual(['running']);
    await pool.destroy();
    expect(await failures).toMatchObject(pending.map(() => CLOSED));
    const rejected = { status: 'rejected', reason: CLOSED };
    expect(await batch).toMatchObject([rejected, rejected]);
    const others = new Set((await Promise.all(fill)).map((error) => error.code));
    expect([...others].toSorted()).toEqual(['ERR_POOL_CLOSED', 'ERR_QUEUE_FULL']);
    expect(exits).toMatchObject([{ reason: 'closing', exit: { signal: 'SIGKILL' } }]);
    expect(pool.stats()).toMatchObject({ state: 'closed', queue: { size: 0 }, workers: { total: 0 } });
  });

  it('rejects ready() of a pool whose workers are starting', async () => {
    const pool = open();
    const ready = errorOf(pool.ready());
    await pool.destroy();
    expect(await ready).toMatchObject(CLOSED);
  });

  it('during close() does not wait for tasks any more', async () => {
    const { pool, running } = await occupied();
    const closed = pool.close();
    const destroyed = pool.destroy();
    await expect(running).rejects.toMatchObject(CLOSED);
    await Promise.all([closed, destroyed]);
  });

  it('resolves when no process is left', async () => {
    const pool = open({ minWorkers: 2, maxWorkers: 2 });
    await pool.ready();
    const pids = pool.stats().workerList.map(({ pid }) => pid);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await pool.destroy();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});
