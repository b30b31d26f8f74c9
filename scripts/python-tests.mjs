// The `test` script of a Python package: unittest discovery in its test/ folder, with totals that `npm test` can sum.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const candidates = process.env.OSTLER_PYTHON ? [process.env.OSTLER_PYTHON] : ['python3', 'python'];
const python = candidates.find(
  (command) => spawnSync(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0,
);
const reports = process.env.OSTLER_TEST_REPORTS;
const report = reports ? join(reports, `${basename(process.cwd())}-python.json`) : '';

if (python === undefined) {
  process.stdout.write(
    `SKIPPED ${basename(process.cwd())}: needs Python 3.9 or newer (${candidates.join(', ')} not found)\n`,
  );
  if (report !== '') writeFileSync(report, JSON.stringify({ passed: 0, failed: 0, skipped: 1 }));
} else {
  const args = ['-B', fileURLToPath(new URL('./python_tests.py', import.meta.url)), 'test', report];
  process.exitCode = spawnSync(python, args, { stdio: 'inherit' }).status ?? 1;
}
