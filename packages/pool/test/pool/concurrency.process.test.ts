import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { errorOf, next, open, text } from './support.js';

const gated = { handler: 'gated' } as const;

describe('a worker that runs several tasks at once', () => {
  it('has as many as it may, and the others wait', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, concurrency: 3 });
    const replies = ['a', 'b', 'c', 'd', 'e'].map((name) => pool.run(name, gated));
    await gate.until(() => gate.waiting.length === 3);
    expect(pool.stats()).toMatchObject({ workers: { total: 1, busy: 1 }, tasks: { running: 3 }, queue: { size: 2 } });
    await gate.pass('b');
    await gate.arrived('d');
    expect(gate.waiting.toSorted()).toEqual(['a', 'c', 'd']);
    gate.open();
    expect((await Promise.all(replies)).map(text)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(gate.most).toBe(3);
  });

  it('runs tasks of one key one at a time all the same', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, concurrency: 3 });
    const replies = ['k1', 'k2', 'free'].map((name) =>
      pool.run(name, name === 'free' ? gated : { ...gated, key: 'k' }),
    );
    await gate.until(() => gate.waiting.length === 2);
    expect(gate.waiting.toSorted()).toEqual(['free', 'k1']);
    gate.open();
    await Promise.all(replies);
  });

  it('takes all of them along when it crashes, for each may be the one', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, concurrency: 3 });
    const neighbours = ['a', 'b'].map((name) => errorOf(pool.run(name, gated)));
    await gate.until(() => gate.waiting.length === 2);
    const crash = errorOf(pool.run('', { handler: 'exit' }));
    for (const error of await Promise.all([crash, ...neighbours])) {
      expect(error).toMatchObject({ code: 'ERR_WORKER_CRASHED', started: true, exit: { exitCode: 3 } });
    }
    expect(pool.stats()).toMatchObject({ crashes: 1, tasks: { crashed: 3 } });
  });

  it('lets go of one that is aborted, and goes on with the others', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, concurrency: 2 });
    const controller = new AbortController();
    const aborted = errorOf(pool.run('aborted', { ...gated, signal: controller.signal }));
    const other = pool.run('other', gated);
    await gate.until(() => gate.waiting.length === 2);
    controller.abort();
    expect(await aborted).toMatchObject({ code: 'ERR_TASK_ABORTED' });
    await gate.until(() => gate.waiting.length === 1);
    await gate.pass('other');
    expect(text(await other)).toBe('other');
    expect(pool.stats().started).toBe(1);
  });

  it('that must be killed for one of them is no fault of the others: with retries they run again, uncharged', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, concurrency: 2, killGrace: 50 });
    const exit = next(pool, 'worker-exit');
    const innocent = pool.run('innocent', { ...gated, retries: { attempts: 1 } });
    await gate.arrived('innocent');
    const guilty = errorOf(pool.run('', { handler: 'stubborn', timeout: 100 }));
    expect(await guilty).toMatchObject({ code: 'ERR_TASK_TIMEOUT' });
    expect(await exit).toMatchObject({ reason: 'timeout' });
    await gate.until(() => gate.begun.length === 2);
    gate.open();
    expect(text(await innocent)).toBe('innocent');
    expect(gate.begun).toEqual(['innocent', 'innocent']);
  });
});
