import { beforeAll, describe, expect, it } from 'vitest';
import { applies, FAULTS, type Fault } from '../../../dist/faults/fault-table.js';
import { type Cell, isRight, missingLanguages, runGrid, SETUPS, type Setup } from '../../../dist/faults/index.js';
import { runCell } from '../../../dist/faults/run-cell.js';

/** One per language, the quickest and the most intricate one; `npm run faults` runs all. */
const SOME: readonly Setup[] = [
  { language: 'node', transport: 'channel', depth: 'ahead' },
  { language: 'python', transport: 'ledger', depth: 'ahead' },
  { language: 'cpp', transport: 'channel', depth: 'ahead' },
  { language: 'dotnet', transport: 'ledger', depth: 'ahead' },
];
const TEST_TIMEOUT = 240_000;
const missing = missingLanguages();
const needs = ({ language }: Setup): string => (missing.has(language) ? ` (needs ${missing.get(language)})` : '');

/** Where a fault needs a worker that holds one task at a time, it gets one. */
const setupFor = (fault: Fault, setup: Setup): Setup => (applies(fault, setup) ? setup : { ...setup, depth: 'one' });

/** All cells of the setup, by their faults; they run at once, as they mostly wait. */
async function cellsOf(setup: Setup): Promise<Map<string, Cell>> {
  const grids = (['one', 'ahead'] as const).map((depth) => {
    const faults = FAULTS.filter((fault) => setupFor(fault, setup).depth === depth);
    return runGrid({ faults, setups: [{ ...setup, depth }] });
  });
  return new Map((await Promise.all(grids)).flat().map((cell) => [cell.fault, cell]));
}

for (const setup of SOME) {
  describe.skipIf(missing.has(setup.language))(
    `a worker in ${setup.language}, over ${setup.transport}${needs(setup)}`,
    () => {
      let cells: Map<string, Cell>;
      beforeAll(async () => {
        cells = await cellsOf(setup);
      }, TEST_TIMEOUT);

      it.each(FAULTS)('that meets "$name" hurts its own task only', ({ name }) => {
        const cell = cells.get(name) as Cell;
        expect(isRight(cell), JSON.stringify(cell)).toBe(true);
      });
    },
  );
}

describe('the grid', () => {
  const setup = SETUPS[0] as Setup;

  it('notices a bad task that ends otherwise', { timeout: TEST_TIMEOUT }, async () => {
    const cell = await runCell({ name: 'exit', handler: 'exit-1', end: 'ok' }, setup);
    expect(cell).toMatchObject({ bad: 'ERR_WORKER_CRASHED (exit 1)', expected: 'ok', hurt: 0, next: true });
    expect(isRight(cell)).toBe(false);
  });

  it('notices a task that is hurt', { timeout: TEST_TIMEOUT }, async () => {
    const cell = await runCell({ name: 'echo', handler: 'echo', victim: 'exit-1', end: 'ok' }, setup);
    expect(cell).toMatchObject({ bad: 'ok', hurt: 1, rerun: 0 });
  });
});
