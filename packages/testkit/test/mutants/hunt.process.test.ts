import { readFileSync } from 'node:fs';
import { hunt, type Mutant, type MutantGroup, type Verdict } from '@ostler/testkit/mutants';
import { expect, test } from 'vitest';

const checker = new URL('./fixtures/check-starts.mjs', import.meta.url);
const tooFew: Mutant = {
  name: 'nobody is missing',
  file: 'core/growth.ts',
  find: 'return minimum - (workers.staying - due.size);',
  replace: 'return 0;',
};
const harmless: Mutant = { ...tooFew, name: 'nothing is wrong', replace: tooFew.find.replace('return', 'return 0 +') };

async function verdictsOn(...mutants: Mutant[]): Promise<Verdict[]> {
  const group: MutantGroup = { name: 'starts', mutants, checker };
  const verdicts: Verdict[] = [];
  await hunt([group], (verdict) => verdicts.push(verdict));
  return verdicts;
}

test('a bug is found in the copy that has it, the code as it is passes, and the checkout is left alone', async () => {
  const source = new URL('../../../pool/src/core/growth.ts', import.meta.url);
  const before = readFileSync(source, 'utf8');
  const verdicts = await verdictsOn(tooFew, harmless);
  const findings = new Map(verdicts.map(({ mutant, finding }) => [mutant?.name ?? 'no bug', finding]));
  expect(findings.get('no bug')).toBeNull();
  expect(findings.get('nobody is missing')).toEqual({ property: '2 workers, not 0', by: 'counting' });
  expect(findings.get('nothing is wrong')).toBeNull();
  expect(readFileSync(source, 'utf8')).toBe(before);
});

test('a bug whose place is gone is an error', async () => {
  await expect(verdictsOn({ ...tooFew, find: 'return nowhere;' })).rejects.toThrow(
    "'nobody is missing' can't be planted: its text is found 0 times in core/growth.ts",
  );
});

test('a check that fails itself is an error', async () => {
  const group: MutantGroup = { name: 'starts', mutants: [], checker: new URL('./fixtures/none.mjs', import.meta.url) };
  await expect(hunt([group], () => {})).rejects.toThrow('found nothing out');
});
