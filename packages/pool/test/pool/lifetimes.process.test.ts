import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { next, open, record, text, until } from './support.js';

const gated = { handler: 'gated' } as const;

describe('a worker leaves', () => {
  it('after its last task, where their number is limited', async () => {
    const pool = open({ maxWorkers: 2, minWorkers: 2, maxTasksPerWorker: 3 });
    const exits = record(pool, 'worker-exit');
    const replies = await Promise.all(Array.from({ length: 20 }, () => pool.call('info', null)));
    const tasks = new Map<number, number>();
    for (const { pid } of replies) tasks.set(pid, (tasks.get(pid) ?? 0) + 1);
    expect(Math.max(...tasks.values())).toBeLessThanOrEqual(3);
    await until(pool, 'worker-exit', () => exits.length >= 6);
    expect(exits.slice(0, 6)).toEqual(
      Array.from({ length: 6 }, () => expect.objectContaining({ reason: 'max-tasks' })),
    );
    expect(exits[0]?.exit).toMatchObject({ exitCode: 0, signal: null });
  });

  it('after its only task, where tasks are isolated from each other', async () => {
    const pool = open({ maxWorkers: 2, isolation: 'task' });
    const replies = await Promise.all(Array.from({ length: 5 }, () => pool.call('info', null)));
    expect(new Set(replies.map(({ pid }) => pid)).size).toBe(5);
    expect(pool.stats()).toMatchObject({ crashes: 0, tasks: { submitted: 5, succeeded: 5 } });
  });

  it('after its only task, for which a successor is warm before it ends, where there is room for both', async () => {
    const gate = await Gate.create();
    const pool = open({ maxWorkers: 2, isolation: 'task', env: gate.env });
    const ready = record(pool, 'worker-ready');
    const first = pool.run('first', gated);
    await gate.arrived('first');
    await until(pool, 'worker-ready', () => ready.length === 2);
    expect(pool.stats().workers).toMatchObject({ total: 2, idle: 1, busy: 1, stopping: 0 });
    const second = pool.run('second', gated);
    await gate.arrived('second');
    await gate.pass('first', 'second');
    expect(text(await first) + text(await second)).toBe('firstsecond');
  });

  it('after its only task, and the next one finds its successor warm, again and again', async () => {
    const pool = open({ minWorkers: 1, maxWorkers: 3, isolation: 'task' });
    const ready = record(pool, 'worker-ready');
    for (let count = 1; count <= 5; count++) {
      await until(pool, 'worker-ready', () => ready.length === count);
      const idle = pool.stats().workerList.filter(({ state }) => state === 'idle');
      expect(idle).toMatchObject([{ id: count, tasks: 0 }]);
      expect(await pool.call('info', null)).toMatchObject({ pid: idle[0]?.pid });
    }
    await until(pool, 'worker-exit', () => pool.stats().workers.total === 1);
    expect(pool.stats()).toMatchObject({ started: 6, crashes: 0, workers: { total: 1 }, retired: { 'max-tasks': 5 } });
  });

  it('at the end of its lifetime, once its successor is warm where there is room for both', async () => {
    const pool = open({ maxWorkers: 2, maxWorkerLifetime: 100 });
    const story: string[] = [];
    pool.on('worker-ready', ({ workerId }) => story.push(`${workerId} ready`));
    pool.on('worker-exit', ({ workerId, reason }) => story.push(`${workerId} left: ${reason}`));
    await until(pool, 'worker-exit', () => story.includes('1 left: max-lifetime'));
    expect(story.slice(0, 2)).toEqual(['1 ready', '2 ready']);
  });

  it('at the end of its lifetime, after the task that it runs', async () => {
    const gate = await Gate.create();
    const pool = open({ maxWorkerLifetime: 300, env: gate.env });
    const exits = record(pool, 'worker-exit');
    await pool.ready();
    const first = pool.run('first', gated);
    await gate.arrived('first');
    await pool.run('clock', { queueTimeout: 400 }).catch(() => {}); // so old is the worker by now
    expect(exits).toEqual([]);
    const left = next(pool, 'worker-exit');
    await gate.pass('first');
    expect(text(await first)).toBe('first');
    expect(await left).toMatchObject({ workerId: 1, reason: 'max-lifetime', exit: { exitCode: 0 } });
    expect(text(await pool.run('with the next one'))).toBe('with the next one');
  });

  it('after the task by which it came to use too much memory', async () => {
    const pool = open({ maxWorkerMemory: '120MiB' });
    expect(text(await pool.run('small'))).toBe('small');
    const left = next(pool, 'worker-exit');
    await pool.run('150', { handler: 'hoard' });
    expect(await left).toMatchObject({ workerId: 1, reason: 'memory', exit: { exitCode: 0 } });
    expect(pool.stats()).toMatchObject({ crashes: 0, retired: { memory: 1 }, tasks: { succeeded: 2 } });
  });

  it('when it has been idle for long, down to the minimum', async () => {
    const gate = await Gate.create();
    const pool = open({ minWorkers: 1, maxWorkers: 3, idleTimeout: 50, env: gate.env });
    const exits = record(pool, 'worker-exit');
    const replies = ['a', 'b', 'c'].map((name) => pool.run(name, gated));
    await gate.until(() => gate.waiting.length === 3);
    gate.open();
    await Promise.all(replies);
    await until(pool, 'worker-exit', () => exits.length === 2);
    expect(exits.map(({ reason }) => reason)).toEqual(['idle', 'idle']);
    expect(pool.stats().workers).toMatchObject({ total: 1, idle: 1 });
  });

  it('down to none, where the minimum is 0; the next task starts one', async () => {
    const pool = open({ minWorkers: 0, idleTimeout: 50 });
    expect(pool.stats().workers.total).toBe(0);
    const left = next(pool, 'worker-exit');
    await pool.run('one');
    expect(await left).toMatchObject({ workerId: 1, reason: 'idle' });
    expect(pool.stats().workers.total).toBe(0);
    expect(text(await pool.run('two'))).toBe('two');
  });

  it('where the pool becomes smaller: at once if it is idle, else after its task', async () => {
    const gate = await Gate.create();
    const pool = open({ minWorkers: 3, maxWorkers: 3, env: gate.env });
    await pool.ready();
    const exits = record(pool, 'worker-exit');
    const busy = ['a', 'b'].map((name) => pool.run(name, gated));
    await gate.until(() => gate.waiting.length === 2);
    pool.resize({ minWorkers: 1, maxWorkers: 1 });
    await until(pool, 'worker-exit', () => exits.length === 1);
    expect(gate.waiting).toHaveLength(2);
    gate.open();
    expect((await Promise.all(busy)).map(text)).toEqual(['a', 'b']);
    await until(pool, 'worker-exit', () => exits.length === 2);
    expect(pool.stats()).toMatchObject({ workers: { total: 1 }, retired: { resized: 2 } });
    pool.resize({ minWorkers: 2, maxWorkers: 2 });
    await pool.ready();
    expect(pool.stats().workers.total).toBe(2);
  });
});

describe('replaceAll', () => {
  it.each([0, 1, 5])('gives every worker a successor under load, and no task is lost (surge %i)', async (surge) => {
    const pool = open({ minWorkers: 2, maxWorkers: 2 });
    await pool.ready();
    const old = pool.stats().workerList.map(({ pid }) => pid);
    let most = 0;
    pool.on('worker-start', () => {
      most = Math.max(most, pool.stats().workers.total);
    });
    let replaced = false;
    const load = Array.from({ length: 4 }, async () => {
      let replies = 0;
      for (; !replaced; replies++) await pool.run('x');
      return replies;
    });
    await pool.replaceAll({ surge });
    replaced = true;
    const replies = (await Promise.all(load)).reduce((sum, count) => sum + count);
    const { workerList, retired, tasks } = pool.stats();
    expect(workerList.filter(({ pid }) => old.includes(pid))).toEqual([]);
    expect(workerList).toHaveLength(2);
    expect(retired.replaced).toBe(2);
    expect(tasks).toMatchObject({ submitted: replies, succeeded: replies });
    expect(most).toBeLessThanOrEqual(2 + surge);
  });
});

describe('a slot', () => {
  it('is the lowest number that is free, told to the worker and its tasks', async () => {
    const gate = await Gate.create();
    const pool = open({ minWorkers: 3, maxWorkers: 3, env: { ...gate.env, PORT: '90{slot}' } });
    await pool.ready();
    const slots = (): number[] => pool.stats().workerList.map(({ slot }) => slot);
    expect(slots().toSorted()).toEqual([0, 1, 2]);
    const victim = pool.stats().workerList.find(({ slot }) => slot === 1);
    const ready = next(pool, 'worker-ready');
    process.kill(victim?.pid as number, 'SIGKILL');
    const { workerId } = await ready;
    expect(workerId).toBe(4);
    expect(slots().toSorted()).toEqual([0, 1, 2]);
    const replies = ['a', 'b', 'c'].map((name) => pool.run(name, { handler: 'gatedSlot' }));
    await gate.until(() => gate.waiting.length === 3);
    gate.open();
    expect((await Promise.all(replies)).map(text).toSorted()).toEqual(['0 0 900', '1 1 901', '2 2 902']);
  });
});
