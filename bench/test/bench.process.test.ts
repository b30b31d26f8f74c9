import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dotnetWorker } from '../dist/built-workers.js';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-bench-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

describe('npm run bench', () => {
  test.skipIf(!hasPython)(
    'measures the named suite only, prints its table and writes its rows (needs python3)',
    async () => {
      const results = join(folder, 'deep', 'latest.json');
      const { code, stdout } = await bench('--quick', '--results', results, 'core');
      expect(code).toBe(0);
      expect(stdout).toContain(`Node ${process.version}`);
      const report = JSON.parse(readFileSync(results, 'utf8'));
      expect(report.machine).toMatchObject({
        node: process.version,
        cpu: expect.any(String),
        cpus: expect.any(Number),
      });
      expect(report.suites.map(({ name }: { name: string }) => name)).toEqual(['core']);
      const { rows, notMeasured } = report.suites[0];
      expect(notMeasured).toEqual([]);
      expect(rows).toHaveLength(4);
      for (const row of rows) {
        expect(row).toEqual({
          measure: expect.stringMatching(/workers, .* waiting/),
          ours: expect.any(Number),
          reference: expect.any(Number),
          ratio: row.ours / row.reference,
          unit: 'million tasks/s',
          against: expect.any(String),
          better: 'more',
        });
        expect(row.ours).toBeGreaterThan(0);
        expect(stdout).toContain(row.measure);
      }
    },
  );

  test.skipIf(dotnetWorker().missing !== undefined)(
    'builds the C# pool of the first design and measures ours beside it (needs the .NET SDK 10)',
    { timeout: 240_000 },
    async () => {
      const results = join(folder, 'latest.json');
      const { code, stderr } = await bench('--quick', '--results', results, 'original');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { rows, notMeasured } = JSON.parse(readFileSync(results, 'utf8')).suites[0];
      expect(rows).toHaveLength(4);
      for (const { ours, reference, against } of rows) {
        expect(Math.min(ours, reference)).toBeGreaterThan(0);
        expect(against).toMatch(/^blocking lines, queue of (5|8|256)$/);
      }
      expect(notMeasured).toEqual([]);
    },
  );

  test('refuses a suite that it does not have and names those that it has', async () => {
    const { code, stdout, stderr } = await bench('throughputs');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const known of [
      'throughputs',
      'throughput',
      'languages',
      'original',
      'latency',
      'memory',
      'cold-start',
      'core',
      'spawn',
      'isolation',
    ]) {
      expect(stderr).toContain(known);
    }
  });
});
