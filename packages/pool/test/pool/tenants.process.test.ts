import type { ProcessPool } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate.js';
import { errorOf, next, open, record, text, until } from './support.js';

const TENANTS = ['ada', 'bob', 'cleo', 'dan'];

/** What each of these tasks found in the static state of its worker, and whose it was. */
function rememberAll(pool: ProcessPool): Promise<[tenant: string, found: unknown][]> {
  const calls = Array.from({ length: 40 }, (_, index) => TENANTS[index % TENANTS.length] as string);
  return Promise.all(
    calls.map(async (tenant) => [tenant, await pool.call('remember', tenant, { tenant })] as [string, unknown]),
  );
}

const gated = (tenant: string) => ({ handler: 'gated', tenant });

describe("isolation 'tenant'", () => {
  it('keeps static state from other tenants, which workers of a pool without it share', async () => {
    const shared = await rememberAll(open({ isolation: 'pool' }));
    expect(shared.some(([tenant, found]) => found !== null && found !== tenant)).toBe(true);
    const pool = open({ maxWorkers: 2, isolation: 'tenant' });
    const found = await rememberAll(pool);
    expect(found.filter(([tenant, name]) => name !== null && name !== tenant)).toEqual([]);
    expect(found.filter(([, name]) => name !== null).length).toBeGreaterThan(0);
    expect(pool.stats()).toMatchObject({ crashes: 0, tasks: { submitted: 40, succeeded: 40 } });
  });

  it('keeps a worker for its tenant as long as nobody else needs the place', async () => {
    const pool = open({ maxWorkers: 3, isolation: 'tenant' });
    const pids: number[] = [];
    for (const tenant of ['ada', 'bob', 'ada', 'bob', 'ada']) {
      pids.push((await pool.call('info', null, { tenant })).pid);
    }
    expect(pids).toEqual([pids[0], pids[1], pids[0], pids[1], pids[0]]);
    expect(pids[0]).not.toBe(pids[1]);
    const tenants = pool.stats().workerList.map(({ tenant }) => tenant);
    expect(tenants.slice(0, 2).toSorted()).toEqual(['ada', 'bob']);
  });

  it('keeps a fresh worker ready for a tenant that is new, where there is room', async () => {
    const pool = open({ maxWorkers: 3, isolation: 'tenant' });
    const ready = record(pool, 'worker-ready');
    for (const [index, tenant] of ['ada', 'bob', 'cleo'].entries()) {
      await until(pool, 'worker-ready', () => ready.length === index + 1);
      const fresh = pool.stats().workerList.filter((worker) => worker.tenant === null);
      expect(fresh).toMatchObject([{ state: 'idle', tasks: 0 }]);
      expect((await pool.call('info', null, { tenant })).pid).toBe(fresh[0]?.pid);
    }
  });

  it('lets the tasks of others pass one whose tenant has to wait', async () => {
    const gate = await Gate.create();
    const pool = open({ maxWorkers: 2, isolation: 'tenant', env: gate.env });
    const first = [pool.run('a1', gated('ada')), pool.run('b1', gated('bob'))];
    await gate.until(() => gate.waiting.length === 2);
    const cleo = pool.run('c1', gated('cleo'));
    const second = [pool.run('a2', gated('ada')), pool.run('b2', gated('bob'))];
    expect(pool.stats().queue.causes).toEqual({ 'other-tenants': 1, 'pool-at-maximum': 2 });
    await gate.pass('a1', 'b1');
    await gate.until(() => gate.begun.length === 4);
    expect(gate.begun.slice(2).toSorted()).toEqual(['a2', 'b2']);
    gate.open();
    expect((await Promise.all([...first, ...second, cleo])).map(text)).toEqual(['a1', 'b1', 'a2', 'b2', 'c1']);
  });

  it('replaces the idle worker of another tenant where every place is taken', async () => {
    const pool = open({ maxWorkers: 1, isolation: 'tenant' });
    const exits = record(pool, 'worker-exit');
    for (const tenant of ['ada', 'bob', 'bob', 'ada']) {
      expect(await pool.call('info', null, { tenant })).toMatchObject({ tenant });
    }
    expect(exits.map(({ reason }) => reason)).toEqual(['replaced', 'replaced']);
    expect(pool.stats()).toMatchObject({ started: 3, crashes: 0, retired: { replaced: 2 } });
  });

  it('gives a place away after a task where one tenant holds them all', async () => {
    const gate = await Gate.create();
    const pool = open({ minWorkers: 2, maxWorkers: 2, isolation: 'tenant', env: gate.env });
    await pool.ready();
    const names = ['a1', 'a2', 'a3', 'a4'];
    const ada = names.map((name) => pool.run(name, gated('ada')));
    await gate.until(() => gate.waiting.length === 2);
    const bob = pool.run('b1', gated('bob'));
    const left = next(pool, 'worker-exit');
    await gate.pass(gate.waiting[0] as string);
    expect(await left).toMatchObject({ reason: 'replaced' });
    await gate.arrived('b1');
    expect(
      pool
        .stats()
        .workerList.map(({ tenant }) => tenant)
        .toSorted(),
    ).toEqual(['ada', 'bob']);
    gate.open();
    expect((await Promise.all([...ada, bob])).map(text)).toEqual([...names, 'b1']);
  });

  it('runs a task again in a worker of its tenant, and a crash hurts nobody else', async () => {
    const pool = open({ maxWorkers: 2, isolation: 'tenant' });
    const again = pool.run('1', { handler: 'crashUntil', tenant: 'ada', retries: { attempts: 2 } });
    const lost = errorOf(pool.run('', { handler: 'exit', tenant: 'ada' }));
    const others = Promise.all(Array.from({ length: 10 }, (_, i) => pool.run(`b${i}`, { tenant: 'bob' })));
    expect(text(await again)).toBe('attempt 2');
    expect(await lost).toMatchObject({ code: 'ERR_WORKER_CRASHED' });
    expect((await others).map(text)).toEqual(Array.from({ length: 10 }, (_, i) => `b${i}`));
  });

  it('serves batches and maps, is replaced as a whole, and closes with what waits', async () => {
    const pool = open({ maxWorkers: 2, isolation: 'tenant' });
    const bodies = Array.from({ length: 8 }, (_, index) => `${index}`);
    const batches = TENANTS.map((tenant) => pool.runMany(bodies, { tenant, handler: 'whose' }));
    const replaced = pool.replaceAll();
    const outcomes = (await Promise.all(batches)).flat();
    const seen = new Map<string, Set<string>>();
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const [pid = '', tenant = ''] = text(outcome.value).split(' ');
      seen.set(pid, (seen.get(pid) ?? new Set()).add(tenant));
    }
    expect([...seen.values()].filter(({ size }) => size > 1)).toEqual([]);
    await replaced;
    const last = TENANTS.map((tenant) => pool.run(tenant, { tenant }));
    await pool.close();
    expect((await Promise.all(last)).map(text)).toEqual(TENANTS);
  });

  it('serves several tasks of one tenant at once, and never those of two', async () => {
    const gate = await Gate.create();
    const pool = open({ maxWorkers: 2, concurrency: 2, isolation: 'tenant', env: gate.env });
    const names = ['a1', 'a2', 'b1', 'b2'];
    const replies = names.map((name) => pool.run(name, gated(name[0] as string)));
    await gate.until(() => gate.waiting.length === 4);
    expect(pool.stats().workerList).toHaveLength(2);
    gate.open();
    expect((await Promise.all(replies)).map(text)).toEqual(names);
  });
});
