import { getAffinity, getPriority, load } from '@ostler/native';
import type { PoolOptions, ProcessPool } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { errorOf, open as openPool, text } from './support.js';

const worker = new URL('fixtures/limited.mjs', import.meta.url);

function open(options: Partial<PoolOptions>): ProcessPool {
  return openPool({ worker, ...options });
}

function pidsOf(pool: ProcessPool): number[] {
  return pool.stats().workerList.map(({ pid }) => pid);
}

describe('profiles', () => {
  it('change the number of workers; what they do not name is as at the start', async () => {
    const pool = open({ minWorkers: 1, maxWorkers: 4, profiles: { busy: { minWorkers: 3 }, quiet: {} } });
    await pool.ready();
    expect(pool.stats().profile).toBeNull();
    await pool.applyProfile('busy');
    await pool.ready();
    expect(pool.stats()).toMatchObject({ profile: 'busy', workers: { total: 3 } });
    await pool.applyProfile('quiet');
    expect(pool.stats().profile).toBe('quiet');
  });

  it('that are not there are refused, with the nearest one', async () => {
    const pool = open({ profiles: { night: {} } });
    expect(await errorOf(pool.applyProfile('nigth'))).toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: "profile: there is no profile 'nigth', the nearest one is 'night'",
    });
    await pool.close();
    expect(await errorOf(pool.applyProfile('night'))).toMatchObject({ code: 'ERR_POOL_CLOSED' });
  });
});

describe.skipIf(load().binding === undefined)('a profile', () => {
  const profiles = { day: { resources: { priority: 'idle', cpus: [0] } }, night: { resources: {} } } as const;

  it('changes priority and CPUs of live workers, and gives them back', async () => {
    const pool = open({ minWorkers: 2, maxWorkers: 2, profiles });
    await pool.ready();
    const free = getAffinity(process.pid);
    await pool.applyProfile('day');
    for (const pid of pidsOf(pool)) expect([getPriority(pid), getAffinity(pid)]).toEqual(['idle', [0]]);
    await pool.applyProfile('night');
    for (const pid of pidsOf(pool)) expect([getPriority(pid), getAffinity(pid)]).toEqual(['normal', free]);
  });

  it('reaches workers that are just starting, before it resolves', async () => {
    const pool = open({ minWorkers: 2, maxWorkers: 2, profiles });
    await pool.applyProfile('day');
    expect(pidsOf(pool)).not.toContain(0);
    for (const pid of pidsOf(pool)) expect([getPriority(pid), getAffinity(pid)]).toEqual(['idle', [0]]);
  });

  it('holds for workers that start later, and for what they run', async () => {
    const pool = open({ minWorkers: 0, maxWorkers: 1, profiles });
    await pool.applyProfile('day');
    expect(text(await pool.run('x'))).toBe('x');
    for (const pid of pidsOf(pool)) expect(getPriority(pid)).toBe('idle');
  });

  it('comes by its schedule', async () => {
    const pool = open({ minWorkers: 1, profiles: { soon: { ...profiles.day, schedule: '* * * * * *' } } });
    await pool.ready();
    // Whatever the pool says next; the schedule is due every second.
    while (pool.stats().profile === null) await pool.run('x');
    for (const pid of pidsOf(pool)) expect(getPriority(pid)).toBe('idle');
  });
});
