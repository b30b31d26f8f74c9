import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const hasCompiler = spawnSync('cc', ['--version']).status === 0;
const BITS = 64n;

/** What Windows says of a machine: the active processors of each of its groups. */
const machines = fc.array(fc.bigInt({ min: 0n, max: 2n ** BITS - 1n }), { minLength: 1, maxLength: 8 });

describe.runIf(hasCompiler)('global numbers of processors in groups (needs a C compiler)', () => {
  let folder: string;
  let program: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ostler-processor-groups-'));
    program = join(folder, 'processor-groups');
    const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
    const sources = ['test/programs/processor_groups.c', 'src/windows/processor_groups.c'].map(path);
    const args = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-I', path('src/windows'), ...sources];
    const { status, stderr } = spawnSync('cc', [...args, '-o', program], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Rows of number, group, bit and number again; and how many places have no number. */
  function placesOf(machine: readonly bigint[]): { rows: number[][]; without: number } {
    const { stdout } = spawnSync(
      program,
      machine.map((mask) => mask.toString(16)),
      { encoding: 'utf8' },
    );
    const lines = stdout.trim().split('\n');
    const without = Number(lines.pop());
    return { rows: lines.map((line) => line.split(' ').map(Number)), without };
  }

  it('are the bits, where there is one group without a gap', () => {
    expect(placesOf([0xfn]).rows.map(([number, , bit]) => [number, bit])).toEqual(
      [0, 1, 2, 3].map((cpu) => [cpu, cpu]),
    );
  });

  it('go on above 64 in the next group: of two groups of 40, number 64 is bit 24 of the second', () => {
    const forty = 2n ** 40n - 1n;
    const { rows } = placesOf([forty, forty]);
    expect(rows).toHaveLength(80);
    expect(rows[64]).toEqual([64, 1, 24, 64]);
  });

  it('leave out what is not active, count every processor once, in order, and lead back', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        const { rows, without } = placesOf(machine);
        const active = machine.flatMap((mask, group) =>
          Array.from({ length: Number(BITS) }, (_, bit) => [group, bit] as const).filter(
            ([, bit]) => ((mask >> BigInt(bit)) & 1n) === 1n,
          ),
        );
        expect(rows.map(([, group, bit]) => [group, bit])).toEqual(active);
        expect(rows.every(([number, , , back], i) => number === i && back === i)).toBe(true);
        // One group and one bit more than there are were asked for as well.
        expect(without).toBe((machine.length + 1) * 65 - active.length);
      }),
      { numRuns: 50 },
    );
  });
});
