// Runs the xunit tests by `dotnet test`, on .NET and with Mono as .NET Framework, with totals that `npm test` can sum.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dotnet, hasDotnet, hasMono } from './dotnet.mjs';

const TESTS = 'test/Ostler.Worker.Tests/Ostler.Worker.Tests.csproj';
const FRAMEWORKS = [
  ['net10.0', hasDotnet(), 'the .NET SDK 10'],
  ['net472', hasDotnet() && hasMono(), 'the .NET SDK 10 and mono-devel'],
];

const totals = { passed: 0, failed: 0, skipped: 0 };
const results = mkdtempSync(join(tmpdir(), 'ostler-xunit-'));
try {
  for (const [framework, canRun, needs] of FRAMEWORKS) {
    if (canRun) run(framework);
    else skip(`xunit on ${framework}: needs ${needs}`);
  }
} finally {
  rmSync(results, { recursive: true });
}
const reports = process.env.OSTLER_TEST_REPORTS;
if (reports) writeFileSync(join(reports, 'worker-dotnet-xunit.json'), JSON.stringify(totals));

function run(framework) {
  const folder = join(results, framework);
  const logger = ['--results-directory', folder, '--logger', 'trx'];
  const code = dotnet('test', TESTS, '-c', 'Release', '-f', framework, '--no-build', ...logger);
  const { passed, failed, skipped } = readTrx(folder);
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  process.stdout.write(`xunit on ${framework}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  if (code !== 0) process.exitCode = code;
}

/** The counters of a test run: `<Counters total="9" executed="8" passed="8" failed="0" … />`. */
function readTrx(folder) {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.trx'));
  const [counters] = /<Counters [^>]*>/.exec(readFileSync(join(folder, file), 'utf8')) ?? [''];
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(counters)?.[1]);
  const [total, executed, passed] = [count('total'), count('executed'), count('passed')];
  if (!(passed > 0)) throw new Error(`dotnet test ran nothing: ${counters}`);
  return { passed, failed: executed - passed, skipped: total - executed };
}

function skip(what) {
  process.stdout.write(`SKIPPED ${what}\n`);
  totals.skipped++;
}
