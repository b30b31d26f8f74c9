import { expect, test } from 'vitest';
import { parseProcStat } from '../../src/os/proc-stat.js';

const units = { pageSize: 4096, ticksPerSecond: 100 };
const rest = '1 42 42 0 -1 4194560 100 0 0 0 150 50 7 7 20 0 1 0 999 2000000 300 18446744073709551615 1';

test('state, CPU time and memory are read', () => {
  expect(parseProcStat(`42 (worker) S ${rest}`, units)).toEqual({ state: 'S', cpuMs: 2_000, rss: 1_228_800 });
});

test('a name may hold spaces and brackets', () => {
  expect(parseProcStat(`42 (a) R (b) T ${rest}`, units)?.state).toBe('T');
});

test('what can not be understood is nothing', () => {
  expect(parseProcStat('', units)).toBeNull();
  expect(parseProcStat('42 (worker) S 1', units)).toBeNull();
});
