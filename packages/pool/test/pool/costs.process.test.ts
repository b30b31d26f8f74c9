import type { TaskCost } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { errorOf, open, tellsCpuTime, tellsUse } from './support.js';

/** Costs in the order in which they were told. */
function ledger() {
  const costs: TaskCost[] = [];
  return { costs, onCost: (cost: TaskCost): unknown => costs.push(cost) };
}

describe('the cost of a task', () => {
  it('is told once, for its last attempt', async () => {
    const pool = open({ retries: { attempts: 2, on: ['failure', 'crash'] } });
    const { costs, onCost } = ledger();
    await pool.run('2', { handler: 'failUntil', onCost });
    await pool.run('1', { handler: 'crashUntil', onCost });
    expect(costs).toMatchObject([
      { attempt: 3, workerId: 1 },
      { attempt: 2, workerId: 2 },
    ]);
  });

  it.runIf(tellsUse)(
    'is the CPU time and memory of its worker, exact where it was alone (needs /proc or the addon)',
    async () => {
      const pool = open({ worker: new URL('fixtures/limited.mjs', import.meta.url) });
      const { costs, onCost } = ledger();
      await pool.call('spin', 200, { onCost });
      expect(costs[0]).toMatchObject({ exact: true });
      if (tellsCpuTime) expect(costs[0]?.cpuMs).toBeGreaterThanOrEqual(180);
      expect(costs[0]?.cpuMs).toBeLessThan(1_000);
      expect(costs[0]?.peakMemory).toBeGreaterThan(10 * 1024 * 1024);
    },
  );

  it.runIf(tellsUse)('is not exact where tasks share a worker (needs /proc or the addon)', async () => {
    const pool = open({ concurrency: 2 });
    const { costs, onCost } = ledger();
    await pool.ready();
    await Promise.all([pool.run('a', { onCost }), pool.run('b', { onCost })]);
    expect(costs).toMatchObject([{ exact: false }, { exact: false }]);
  });

  it('names the worker that ran it, also where its caller gave up or its time was over', async () => {
    const pool = open();
    const { costs, onCost } = ledger();
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (): void => controller.abort();
    await errorOf(pool.run('', { handler: 'wait', onCost, signal, onProgress }));
    await errorOf(pool.run('', { handler: 'wait', onCost, timeout: 50 }));
    expect(costs).toMatchObject([{ workerId: 1 }, { workerId: 1 }]);
    for (const { runMs } of costs) expect(runMs).toBeGreaterThan(0);
  });

  it('is told for each task of a batch, those included that never ran', async () => {
    const pool = open();
    const { costs, onCost } = ledger();
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = (): void => controller.abort();
    await pool.runMany(['a', 'b', 'c'], { handler: 'wait', onCost, signal, onProgress });
    const waited = { attempt: 1, workerId: 0, runMs: 0 };
    expect(costs.toSorted((a, b) => b.workerId - a.workerId)).toMatchObject([{ workerId: 1 }, waited, waited]);
  });
});
