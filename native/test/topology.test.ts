import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCpuList } from '../src/cpu-list.js';
import { topology } from '../src/topology.js';

describe('the kernel’s list of CPUs', () => {
  test.each([
    ['', []],
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['8,0-2,5-5\n', [0, 1, 2, 5, 8]],
  ])('%j is %o', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus);
  });

  test('gives back every set of numbers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(2000)), (cpus) => {
        expect(parseCpuList(cpus.join(','))).toEqual([...cpus].sort((a, b) => a - b));
      }),
    );
  });
});

describe.runIf(process.platform === 'linux')('the topology (needs Linux)', () => {
  test('has every CPU that is online, with its core', () => {
    const online = parseCpuList(readFileSync('/sys/devices/system/cpu/online', 'utf8'));
    expect(topology().map(({ cpu }) => cpu)).toEqual(online);
    for (const cpu of topology()) expect(cpu.core).toBeGreaterThanOrEqual(0);
  });
});
