import { findControlGroups, getPriority } from '@ostler/native';
import type { PoolOptions, ProcessPool } from '@ostler/pool';
import { describe, expect, it } from 'vitest';
import { errorOf, open as openPool } from '../pool/support.js';

const worker = new URL('../pool/fixtures/limited.mjs', import.meta.url);
const MIB = 1024 * 1024;

function open(options: Partial<PoolOptions>): ProcessPool {
  return openPool({ worker, ...options });
}

describe.skipIf('reason' in findControlGroups())('a profile with limits of a group', () => {
  it('limits memory of a worker that had no limit before', async () => {
    const pool = open({ minWorkers: 1, profiles: { tight: { resources: { memory: '120MiB' } } } });
    expect(await pool.call('take', 1)).toBe(1);
    await pool.applyProfile('tight');
    expect(await errorOf(pool.call('take', 300))).toMatchObject({ code: 'ERR_RESOURCE_LIMIT', limit: 120 * MIB });
  });

  it('changes nothing where the system refuses', async () => {
    const resources = { priority: 'idle', memory: '20MiB' } as const;
    const pool = open({ minWorkers: 2, maxWorkers: 2, profiles: { tiny: { resources } } });
    await pool.ready();
    await Promise.all([pool.call('take', 100), pool.call('take', 100)]);
    const outcome = await pool.applyProfile('tiny').then(
      () => 'applied',
      (error) => error,
    );
    if (outcome === 'applied') return; // version 2 ends what is above its new limit instead
    expect(outcome).toMatchObject({ code: 'ERR_OS_CONTROL' });
    expect(outcome.message).toMatch(/limited: cannot change the limits of pid .*EBUSY/);
    expect(pool.stats().profile).toBeNull();
    for (const { pid } of pool.stats().workerList) expect(getPriority(pid)).toBe('normal');
  });
});
