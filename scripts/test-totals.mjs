import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Sums the reports in a folder: vitest's JSON, and `{ passed, failed, skipped }` as our other runners write it.
 * A test file that could not be loaded counts as one failure.
 */
export function readTotals(folder) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of readdirSync(folder)) {
    const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const counts = report.testResults === undefined ? report : vitestCounts(report);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  return total;
}

function vitestCounts(report) {
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
