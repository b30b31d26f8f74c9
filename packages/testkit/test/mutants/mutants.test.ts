import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANT_GROUPS } from '../../src/mutants/groups.js';

const POOL_SOURCE = new URL('../../../pool/src/', import.meta.url);
const mutants = MUTANT_GROUPS.flatMap((group) => group.mutants);

test.each(mutants)('there is exactly one place for the bug: $name', ({ file, find, replace }) => {
  const source = readFileSync(new URL(file, POOL_SOURCE), 'utf8');
  expect(source.split(find).length - 1).toBe(1);
  expect(replace).not.toBe(find);
});

test('no two bugs have the same name', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
