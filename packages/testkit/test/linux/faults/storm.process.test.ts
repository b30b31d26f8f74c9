import { describe, expect, it } from 'vitest';
import type { Setup } from '../../../dist/faults/index.js';
import { storm } from './storm.js';

const SETUPS: readonly Setup[] = [
  { language: 'node', transport: 'channel', depth: 'ahead' },
  { language: 'python', transport: 'ledger', depth: 'ahead' },
  { language: 'python', transport: 'stdio', depth: 'one' },
];

describe.each(SETUPS)('a pool of $language workers over $transport ($depth)', (setup) => {
  it.each([2, 3])('comes through storm %i', { timeout: 240_000 }, async (seed) => {
    expect(await storm(seed, setup)).toEqual([]);
  });
});
