import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode } from '../nodes/fetch-node.js';
import { buildCppWorkers } from '../windows/build-cpp-workers.js';
import { buildDotnetWorkers, whatDotnetNeeds } from '../windows/build-dotnet-workers.js';
import { copyWorkspace } from '../windows/copy-workspace.js';
import { type Summary, total } from '../windows/report.js';
import { type Bench, runSuite, type SuiteResult } from '../windows/run-suite.js';
import { SUITES } from '../windows/suites.js';
import { Wine, whatWineNeeds } from '../windows/wine.js';

/** Runs on Wine 8 as on Windows; 24 and later abort on it. */
const NODE = '20.20.2';
/** Bounds what hangs: it takes six to eight minutes on two quiet cores. */
const MOST_MS = 1_080_000;
/** So that a suite that hangs leaves time for those behind it. */
const MOST_PER_SUITE_MS = 300_000;
const NO_TIME: SuiteResult = { passed: 0, failed: 1, skipped: [], output: 'no time was left for it' };
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** A copy of this workspace in which everything is built for Windows. */
async function makeWorkspace(workspace: string, withDotnet: boolean): Promise<void> {
  say('compiling the addon and the guard for Windows…');
  execFileSync(process.execPath, [join(ROOT, 'native', 'scripts', 'build-windows.mjs')], { stdio: 'inherit' });
  say('copying the workspace, with what it needs for win32-x64…');
  await copyWorkspace(ROOT, workspace);
  say('compiling C++ workers for it…');
  await buildCppWorkers(workspace);
  if (!withDotnet) return;
  say('publishing .NET workers for it…');
  await buildDotnetWorkers(ROOT, workspace);
}

async function runAll(folder: string, names: readonly string[], withDotnet: boolean): Promise<Summary> {
  const deadline = performance.now() + MOST_MS;
  const node = await fetchNode(NODE, 'win32');
  const workspace = join(folder, 'workspace');
  await makeWorkspace(workspace, withDotnet);
  say('making a Windows…');
  const wine = await Wine.create(join(folder, 'wine'));
  const interruption = new AbortController();
  const onInterrupt = (): void => {
    interruption.abort(new Error('interrupted'));
    wine.close();
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    const bench: Bench = { wine, node, workspace, reports: join(folder, 'reports') };
    const summaries: Summary[] = [];
    for (const suite of SUITES.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const from = performance.now();
      const timeoutMs = Math.min(deadline - from, MOST_PER_SUITE_MS);
      const result = timeoutMs > 0 ? await runSuite(suite, bench, timeoutMs) : NO_TIME;
      interruption.signal.throwIfAborted();
      tell(suite.name, result, performance.now() - from);
      summaries.push(result);
    }
    return total(summaries);
  } finally {
    wine.close();
  }
}

function tell(name: string, { passed, failed, skipped, output }: SuiteResult, tookMs: number): void {
  if (failed > 0) say(output);
  say(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped (${(tookMs / 1_000).toFixed(0)} s)`);
  for (const test of skipped) say(`  skipped: ${test}`);
}

async function main(names: readonly string[]): Promise<number> {
  const [wine, dotnet] = [whatWineNeeds(), await whatDotnetNeeds(ROOT)];
  if (wine !== undefined) say(`SKIPPED: needs ${wine}`);
  else if (dotnet !== undefined) say(`SKIPPED: .NET workers, which need ${dotnet}`);
  // A CI that asks for this job has to install all of it.
  if (wine !== undefined || (dotnet !== undefined && process.env.CI)) return process.env.CI ? 1 : 0;
  const folder = await mkdtemp(join(tmpdir(), 'ostler-windows-'));
  try {
    const { passed, failed, skipped } = await runAll(folder, names, dotnet === undefined);
    say(`\nWindows Node ${NODE} under Wine: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    return failed === 0 && passed > 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }
}

process.exitCode = await main(process.argv.slice(2));
