import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, ROOT, stopIfInterrupted } from './run.mjs';
import { readTotals } from './test-totals.mjs';
import { bin, turbo } from './toolchain.mjs';

/** What is checked beside the tests; each that fails counts as one failed test. */
const CHECKS = {
  'code style (biome check)': [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  'import directions': [join(ROOT, 'scripts/check-imports.mjs')],
};

/** Runs the checks and every package's tests on built code, prints the closing line and gives the exit code. */
export async function runTests(turboArgs) {
  const reports = mkdtempSync(join(tmpdir(), 'ostler-test-'));
  process.env.OSTLER_TEST_REPORTS = reports;
  askForColours();
  try {
    const brokenChecks = await runChecks();
    process.stderr.write('ostler: testing…\n');
    const code = await runTestScripts(turboArgs);
    stopIfInterrupted();
    return conclude({ totals: readTotals(reports), brokenChecks, code });
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
}

/** Turbo stands between the runners and this terminal, so they can't see for themselves whether there is one. */
function askForColours() {
  if (process.env.NO_COLOR || process.env.FORCE_COLOR) return;
  process.env[process.stdout.isTTY ? 'FORCE_COLOR' : 'NO_COLOR'] = '1';
}

async function runChecks() {
  process.stderr.write('ostler: checking…\n');
  let broken = 0;
  for (const [name, args] of Object.entries(CHECKS)) {
    const { code, all } = await capture(process.execPath, args);
    stopIfInterrupted();
    if (code === 0) continue;
    process.stdout.write(`${all}\nFAILED: ${name}\n`);
    broken += 1;
  }
  return broken;
}

/** Two packages at a time, each with its output in one piece: most process tests wait more than they work. */
function runTestScripts(turboArgs) {
  const readable = ['--ui=stream', '--log-prefix=none', '--output-logs=full', '--log-order=grouped'];
  return turbo(['run', 'test', 'test:scripts', '--only', '--concurrency=2', '--continue', ...readable, ...turboArgs]);
}

function conclude({ totals, brokenChecks, code }) {
  const { passed, skipped } = totals;
  let failed = totals.failed + brokenChecks;
  if (code !== 0 && totals.failed === 0) {
    process.stdout.write('FAILED: a test runner ended with an error although no test failed (see above)\n');
    failed += 1;
  }
  const noneRan = passed + totals.failed === 0;
  // What only Linux has is tested on Linux only; there, a machine for CI has all that a test can need.
  const skipFails = skipped > 0 && Boolean(process.env.CI) && process.platform === 'linux';
  if (noneRan) process.stdout.write('FAILED: no test ran\n');
  if (skipFails) process.stdout.write('FAILED: a skipped test counts as a failure on Linux where CI is set\n');
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed > 0 || noneRan || skipFails ? 1 : 0;
}
