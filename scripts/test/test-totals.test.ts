import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readTotals } from '../test-totals.mjs';

test('the totals of all runners are summed, and a file that cannot be loaded is one failure', () => {
  const file = (status: string, tests: number) => ({ status, assertionResults: Array.from({ length: tests }) });
  const vitest = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  const folder = reports({
    'packages-pool.json': { ...vitest, testResults: [file('failed', 4), file('failed', 0), file('passed', 3)] },
    'worker-python.json': { passed: 5, failed: 0, skipped: 1 },
  });
  expect(readTotals(folder)).toEqual({ passed: 8, failed: 2, skipped: 4 });
});

test('no report means that nothing ran', () => {
  expect(readTotals(reports({}))).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

function reports(files: Record<string, object>): string {
  const folder = mkdtempSync(join(tmpdir(), 'ostler-totals-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, report] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(report));
  return folder;
}
