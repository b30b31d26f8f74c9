import { describe, expect, it, vi } from 'vitest';

vi.hoisted(() => {
  process.env.OSTLER_NATIVE = 'off';
});

const { errorOf, open, record, text } = await import('./support.js');
const { getPriority } = await import('node:os');

const WINDOWS = process.platform === 'win32';
const worker = new URL('fixtures/limited.mjs', import.meta.url);

describe.runIf(WINDOWS || process.platform === 'linux')('without the addon (needs Linux or Windows)', () => {
  it.each([
    [{ memory: '1GiB' }, 'memory'],
    [{ priority: 'idle' }, 'priority'],
    [{ cpus: [0] }, 'cpus'],
    [{ cpuRate: 1 }, 'cpuRate'],
    [{ maxProcesses: 100 }, 'maxProcesses'],
  ] as const)('%o is refused', (resources, name) => {
    expect(() => open({ worker, resources })).toThrow(
      `resources.${name}: cannot be enforced on this ${process.platform} machine: the addon is absent: OSTLER_NATIVE=off is set`,
    );
  });

  it.skipIf(WINDOWS)('a worker above its limit of memory is seen and killed (needs /proc)', async () => {
    const pool = open({ worker, resources: { memory: '150MiB' }, onLimitUnavailable: 'warn' });
    const warnings = record(pool, 'warning');
    await pool.ready();
    expect(warnings[0]?.message).toMatch(/; instead, the resident memory of each worker is looked at every 100 ms/);
    const error = await errorOf(pool.call('take', 200).then(() => pool.call('spin', 60_000)));
    expect(error).toMatchObject({ code: 'ERR_RESOURCE_LIMIT', limit: 150 * 1024 * 1024 });
    expect(text(await pool.run('next'))).toBe('next');
  });

  it.runIf(WINDOWS || process.getuid?.() === 0)('a worker is niced once it runs (needs root or Windows)', async () => {
    const pool = open({ worker, resources: { priority: 'below-normal' }, onLimitUnavailable: { priority: 'warn' } });
    await pool.ready();
    expect(getPriority(pool.stats().workerList[0]?.pid)).toBe(10);
  });
});
