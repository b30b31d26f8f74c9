import { expect, test } from 'vitest';
import { simulate, WORLD_KINDS, type WorldKind } from '../../src/sim/index.js';

const calm: WorldKind = { name: 'calm', run: () => ({ events: 10, violation: null }) };
const late: WorldKind = { name: 'late', run: async () => ({ events: 5, violation: null }) };

async function collect(kinds: readonly WorldKind[], events: number): Promise<string[]> {
  const seen: string[] = [];
  for await (const { kind, seed } of simulate(kinds, { seed: 7, events })) seen.push(`${kind} ${seed}`);
  return seen;
}

test('worlds of every kind run in turn until enough has happened', async () => {
  expect(await collect([calm, late], 16)).toEqual(['calm 7', 'late 7', 'calm 8', 'late 8']);
});

test('one world of each kind runs however few events are wanted', async () => {
  expect(await collect([calm, late], 0)).toEqual(['calm 7', 'late 7']);
});

test.each(WORLD_KINDS)('the $name world of a seed runs the same way twice, and keeps every property', async (kind) => {
  const first = await kind.run(11);
  expect(first.violation).toBeNull();
  expect(await kind.run(11)).toEqual(first);
});
