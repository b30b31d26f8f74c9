import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { LimitName, MissingLimit } from '../../src/os/limits.js';
import type { PoolOptions } from '../../src/pool-options.js';

const NO_GROUPS: MissingLimit = { reason: 'nothing is mounted', instead: null };

function resolved(options: Partial<PoolOptions>, missing: Partial<Record<LimitName, MissingLimit>> = {}) {
  const found = new Map(Object.entries(missing) as [LimitName, MissingLimit][]);
  return resolveOptions({ command: ['./worker'], ...options }, undefined, (limits) => {
    return new Map([...found].filter(([name]) => limits[name] !== undefined));
  });
}

describe('resources', () => {
  test('are the limits of each worker, in bytes and CPU numbers', () => {
    const { limits, limitKinds } = resolved({ resources: { memory: '1KiB', cpus: [3, 1, 3], cpuRate: 0.5 } });
    expect(limits).toEqual({ memory: 1024, cpus: [1, 3], cpuRate: 0.5 });
    expect([...limitKinds].sort()).toEqual(['cpuRate', 'cpus', 'memory']);
  });

  test('have none where memory is infinite', () => {
    expect(resolved({ resources: { memory: Infinity } }).limits).toEqual({});
  });

  test('are refused where one cannot be enforced, with the line that goes on without it', () => {
    expect(() => resolved({ resources: { cpuRate: 1 } }, { cpuRate: NO_GROUPS })).toThrow(
      `resources.cpuRate: cannot be enforced on this ${process.platform} machine: nothing is mounted; 'ostler doctor' shows ` +
        "what works here; with onLimitUnavailable: { cpuRate: 'warn' }, workers run without it",
    );
  });

  test('are left away with a warning where the caller wants it so', () => {
    const given = { resources: { cpuRate: 1, memory: 1024 }, onLimitUnavailable: { cpuRate: 'warn' } } as const;
    const { limits, warnings } = resolved(given, { cpuRate: NO_GROUPS });
    expect(limits).toEqual({ memory: 1024 });
    expect(warnings).toMatchObject([{ code: 'ERR_INVALID_OPTION', option: 'resources.cpuRate', value: 1 }]);
    expect(warnings[0]?.message).toMatch(/nothing is mounted; workers run without it$/);
  });

  test('stay, with a warning, where the pool does something else about them', () => {
    const given = { resources: { memory: 1024 }, onLimitUnavailable: 'warn' } as const;
    const { limits, warnings } = resolved(given, { memory: { reason: 'none', instead: 'it is watched' } });
    expect(limits).toEqual({ memory: 1024 });
    expect(warnings[0]?.message).toMatch(/: none; instead, it is watched$/);
  });
});
