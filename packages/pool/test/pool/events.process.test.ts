import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { errorOf, next, open, tellsUse, text } from './support.js';

const worker = new URL('fixtures/telling.mjs', import.meta.url);

describe('the events of a pool', () => {
  it("tell a worker's life from its start to its exit", async () => {
    const pool = open({ worker });
    const story: unknown[] = [];
    for (const name of ['worker-start', 'worker-ready', 'worker-exit'] as const) {
      pool.on(name, (detail) => story.push([name, detail]));
    }
    await pool.ready();
    const { id: workerId, pid } = pool.stats().workerList[0] as { id: number; pid: number };
    await pool.close();
    expect(story).toEqual([
      ['worker-start', { workerId, pid }],
      ['worker-ready', { workerId, pid, startupMs: expect.any(Number) }],
      ['worker-exit', { workerId, exit: { pid, exitCode: 0, signal: null }, reason: 'closing' }],
    ]);
  });

  it('tell how a worker crashed', async () => {
    const pool = open({ worker });
    const [exit] = await Promise.all([next(pool, 'worker-exit'), errorOf(pool.run('', { handler: 'exit' }))]);
    expect(exit).toMatchObject({ reason: 'crash', exit: { exitCode: 3, signal: null } });
  });

  it('go out on diagnostics channels as well, as the same objects', async () => {
    const published: unknown[] = [];
    const onMessage = (message: unknown): unknown => published.push(message);
    const names = ['worker-start', 'worker-ready', 'worker-exit', 'log'] as const;
    for (const name of names) subscribe(`ostler:${name}`, onMessage);
    const emitted: unknown[] = [];
    try {
      const pool = open({ worker });
      for (const name of names) pool.on(name, (detail: unknown) => emitted.push(detail));
      await pool.run('', { handler: 'talk' });
      await pool.close();
    } finally {
      for (const name of names) unsubscribe(`ostler:${name}`, onMessage);
    }
    expect(published.length).toBeGreaterThan(5);
    expect(published.map((message, index) => message === emitted[index])).not.toContain(false);
  });

  it('bring the lines of a task before it settles, with its id', async () => {
    const pool = open({ worker });
    const story: unknown[] = [];
    pool.on('log', ({ taskId, source, level, line }) => story.push({ taskId, source, level, line }));
    for (const run of [1, 2]) {
      await pool.run('', { handler: 'talk' });
      story.push(`settled ${run}`);
    }
    const lines = (taskId: number) => [
      { taskId, source: 'stdout', level: 'info', line: 'printed' },
      { taskId, source: 'stderr', level: 'error', line: 'complained' },
      { taskId, source: 'log', level: 'warn', line: expect.stringContaining('logged') },
    ];
    expect(story).toEqual([...lines(1), 'settled 1', ...lines(2), 'settled 2']);
  });

  it('may call the pool again', async () => {
    const pool = open({ worker });
    const reply = new Promise<Uint8Array>((resolve) => {
      pool.once('worker-ready', () => resolve(pool.run('from a listener')));
    });
    expect(text(await reply)).toBe('from a listener');
  });
});

describe('a task tells', () => {
  it('its progress, in order and before it settles', async () => {
    const pool = open({ worker });
    const story: unknown[] = [];
    await pool.run('', { handler: 'report', onProgress: (value) => story.push(value) });
    expect(story).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }]);
  });

  it('its cost once, whatever becomes of it', async () => {
    const pool = open({ worker });
    await pool.ready();
    const costs: unknown[] = [];
    const controller = new AbortController();
    const handlers = ['default', 'fail', 'exit'];
    const onCost = (cost: unknown): unknown => costs.push(cost);
    for (const handler of handlers) await pool.run('', { handler, onCost }).catch(() => {});
    pool.pause();
    const aborted = errorOf(pool.run('', { onCost, signal: controller.signal }));
    controller.abort();
    await aborted;
    const cost = { waitMs: expect.any(Number), runMs: expect.any(Number), cpuMs: null, peakMemory: null, exact: false };
    const died = { ...cost, attempt: 1, workerId: 1 };
    const ran = tellsUse ? { ...died, cpuMs: expect.any(Number), peakMemory: expect.any(Number), exact: true } : died;
    expect(costs).toEqual([ran, ran, died, { ...cost, runMs: 0, attempt: 1, workerId: 0 }]);
  });
});

describe('a worker is told', () => {
  it('the init data of its pool, its slot and its number', async () => {
    const initData = { model: 'small', layers: [1, 2] };
    const pool = open({ worker, initData, env: { DEVICE: 'gpu-{slot}' } });
    const told = { data: initData, slot: 0, workerId: 1, slotInEnv: '0', device: 'gpu-0' };
    expect(await pool.call('tell', undefined)).toEqual(told);
  });

  it('what its init does not like is why its pool cannot start', async () => {
    const pool = open({ worker, initData: { fail: 'no model of this name' } });
    const error = await errorOf(pool.run(''));
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', phase: 'init', started: false });
    expect(error.message).toContain('no model of this name');
  });
});
