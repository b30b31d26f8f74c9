import { describe, expect, it } from 'vitest';
import { type Cell, isRight } from '../../src/faults/cell.js';
import { formatGrid } from '../../src/faults/format-grid.js';

const right: Cell = {
  fault: 'exit 1',
  setup: { language: 'node', transport: 'channel', depth: 'one' },
  expected: 'ERR_WORKER_CRASHED (exit 1)',
  bad: 'ERR_WORKER_CRASHED (exit 1)',
  hurt: 0,
  lost: 0,
  rerun: 0,
  next: true,
  left: 0,
  notes: [],
  ms: 100,
};
const stdio = { ...right.setup, transport: 'stdio' } as const;

describe('a cell', () => {
  it('is right where the bad task ends as the table says and nothing else happens', () => {
    expect(isRight(right)).toBe(true);
  });

  it.each([
    { bad: 'ok' },
    { hurt: 1 },
    { lost: 1 },
    { rerun: 1 },
    { next: false },
    { left: 1 },
    { notes: ['odd'] },
  ] satisfies Partial<Cell>[])('is wrong with %o', (difference) => {
    expect(isRight({ ...right, ...difference })).toBe(false);
  });
});

describe('the table', () => {
  it('puts setups in which the same happened on one line', () => {
    const lines = formatGrid([right, { ...right, setup: stdio }]).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toMatch(/^exit 1 +node +channel stdio +one +ERR_WORKER_CRASHED \(exit 1\) +0 +0 +0 +works +0$/);
    expect(lines.at(-1)).toBe('2 cells, 0 wrong');
  });

  it('says what is wrong, and what was expected', () => {
    const lines = formatGrid([right, { ...right, setup: stdio, bad: 'ok', next: false, notes: ['odd'] }]).split('\n');
    expect(lines[2]).toMatch(/stdio +one +ok .* FAILS .* WRONG expected ERR_WORKER_CRASHED \(exit 1\); odd$/);
    expect(lines.at(-1)).toBe('2 cells, 1 wrong');
  });
});
