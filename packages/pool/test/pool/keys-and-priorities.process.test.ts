import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { open, text } from './support.js';

const gated = { handler: 'gated' } as const;

describe('tasks of one key', () => {
  it('run one at a time and in order, while others overtake them', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const key = { ...gated, key: 'k' };
    const replies = [pool.run('k1', key), pool.run('k2', key), pool.run('k3', key), pool.run('free', gated)];
    await gate.arrived('k1');
    await gate.arrived('free');
    expect(gate.waiting.toSorted()).toEqual(['free', 'k1']);
    await gate.pass('free', 'k1', 'k2', 'k3');
    expect((await Promise.all(replies)).map(text)).toEqual(['k1', 'k2', 'k3', 'free']);
    expect(gate.begun.filter((name) => name !== 'free')).toEqual(['k1', 'k2', 'k3']);
  });

  it('do not wait for those of another key', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const replies = ['a1', 'a2', 'b1', 'b2'].map((name) => pool.run(name, { ...gated, key: name.slice(0, 1) }));
    await gate.until(() => gate.waiting.length === 2);
    expect(gate.waiting.toSorted()).toEqual(['a1', 'b1']);
    await gate.pass('b1');
    await gate.arrived('b2');
    expect(gate.waiting.toSorted()).toEqual(['a1', 'b2']);
    gate.open();
    await Promise.all(replies);
    expect(gate.most).toBe(2);
  });

  it('go on after one of them has crashed, and nobody else waits for that', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const crash = pool.run('', { handler: 'exit', key: 'k' });
    const after = pool.run('after', { ...gated, key: 'k' });
    const free = pool.run('free', gated);
    await expect(crash).rejects.toMatchObject({ code: 'ERR_WORKER_CRASHED' });
    await gate.pass('free', 'after');
    expect(text(await after)).toBe('after');
    expect(text(await free)).toBe('free');
  });

  it('wait for the retry of the one before, and nobody else does', async () => {
    const pool = open({ retries: { attempts: 1, on: ['failure'], backoff: 100 } });
    const order: string[] = [];
    const run = (body: string, options: { handler?: string; key?: string }): Promise<unknown> =>
      pool.run(body, options).then((reply) => order.push(text(reply)));
    await Promise.all([run('1', { handler: 'failUntil', key: 'k' }), run('behind', { key: 'k' }), run('free', {})]);
    expect(order).toEqual(['free', 'attempt 2', 'behind']);
  });

  it('go on after one of them was aborted in the queue', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const first = pool.run('first', { ...gated, key: 'k' });
    const controller = new AbortController();
    const aborted = pool.run('aborted', { key: 'k', signal: controller.signal });
    const last = pool.run('last', { key: 'k' });
    await gate.arrived('first');
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ERR_TASK_ABORTED', started: false });
    await gate.pass('first');
    expect(text(await last)).toBe('last');
    await first;
  });

  it('wait until the worker has let go of one that was aborted while it ran', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2, killGrace: 100 });
    const controller = new AbortController();
    const begun = new Promise<void>((resolve) => {
      const options = { handler: 'stubborn', key: 'k', signal: controller.signal, onProgress: () => resolve() };
      void pool.run('', options).catch(() => {});
    });
    const exited = new Promise<void>((resolve) => pool.once('worker-exit', () => resolve()));
    const order: string[] = [];
    void exited.then(() => order.push('the first has let go'));
    const behind = pool.run('behind', { ...gated, key: 'k' });
    await begun;
    controller.abort();
    await gate.arrived('behind');
    order.push('the second runs');
    await gate.pass('behind');
    await behind;
    expect(order).toEqual(['the first has let go', 'the second runs']);
  });
});

describe('a task of higher priority', () => {
  it('runs first; among equals the one that came first does', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env });
    const first = pool.run('first', gated);
    await gate.arrived('first');
    const waiting = [
      ['low 1', -1],
      ['normal 1', 0],
      ['high 1', 5],
      ['normal 2', 0],
      ['highest', 2 ** 31 - 1],
      ['high 2', 5],
      ['lowest', -(2 ** 31)],
      ['low 2', -1],
    ] as const;
    const replies = waiting.map(([name, priority]) => pool.run(name, { ...gated, priority }));
    gate.open();
    await Promise.all([first, ...replies]);
    expect(gate.begun).toEqual([
      'first',
      'highest',
      'high 1',
      'high 2',
      'normal 1',
      'normal 2',
      'low 1',
      'low 2',
      'lowest',
    ]);
  });

  it('overtakes within its key, but not the one that runs', async () => {
    const gate = await Gate.create();
    const pool = open({ env: gate.env, minWorkers: 2, maxWorkers: 2 });
    const run = (name: string, priority: number): Promise<unknown> => pool.run(name, { ...gated, key: 'k', priority });
    const first = run('first', 0);
    await gate.arrived('first');
    const others = [run('second', 0), run('urgent', 1)];
    gate.open();
    await Promise.all([first, ...others]);
    expect(gate.begun).toEqual(['first', 'urgent', 'second']);
  });
});
