import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runConformance } from '@ostler/conformance';
import { ProcessPool } from '@ostler/pool';
import { describe, expect, it, test } from 'vitest';

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const WORKER = pathOf('worker.pl');
/** Descriptors 3 and 4 are for a perl of POSIX only. */
const hasPerl = process.platform !== 'win32' && spawnSync('perl', ['-MJSON::PP', '-e', '1']).status === 0;
/** Milliseconds; the checks wait for events, so this only bounds what a worker may fail to do on a busy machine. */
const TEST_TIMEOUT = 300_000;

test('docs/write-a-worker.md prints the whole worker, in at most 80 lines', () => {
  const page = readFileSync(pathOf('../../docs/write-a-worker.md'), 'utf8');
  const blocks = [...page.matchAll(/```perl\n(.*?)```/gs)].map(([, code]) => code);
  const worker = readFileSync(WORKER, 'utf8');
  expect(blocks.join('')).toBe(worker);
  expect(worker.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
});

describe.skipIf(!hasPerl)('the worker in Perl (needs POSIX, and perl with its core modules)', () => {
  it.each(['channel', 'stdio'] as const)(
    'keeps every rule of the protocol over %s',
    { timeout: TEST_TIMEOUT },
    async (transport) => {
      const options = { transports: [transport], timeout: 30_000 };
      const { results } = await runConformance(['perl', WORKER, pathOf('conformance.pl')], options);
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(results.filter(({ status }) => status === 'ok').length).toBeGreaterThan(50);
    },
  );

  it('serves handlers.pl beside it: bytes, values, bytes in values, what it knows of a task', async () => {
    const pool = new ProcessPool({ command: ['perl', WORKER], maxWorkers: 1, output: 'event' });
    try {
      const bytes = Uint8Array.of(0, 255, 10);
      expect(new Uint8Array(await pool.run(bytes))).toEqual(bytes);
      expect(await pool.call('sum', { a: 0.25, b: 2 })).toEqual({ sum: 2.25 });
      const value = { 'ä/~': [null, 'text', { bytes }], number: 1e21 };
      expect(await pool.call('default', value)).toEqual(value);
      expect(await pool.call('whoami', null)).toMatchObject({ handler: 'whoami', slot: 0 });
    } finally {
      await pool.destroy();
    }
  });

  it.each([
    ['is not there', 'no-such-handlers.pl', /no-such-handlers\.pl: No such file or directory/],
    ['is no Perl', 'package.json', /package\.json: /],
  ])('names a file of handlers that %s', (_, file, message) => {
    const { status, stderr } = spawnSync('perl', [WORKER, pathOf(file)], { encoding: 'utf8', input: '' });
    expect(stderr).toMatch(message);
    expect(status).not.toBe(0);
  });
});
