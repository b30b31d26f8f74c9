import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Summary, summarize, type VitestReport } from './report.js';
import type { Suite } from './suites.js';
import type { Ran, Wine } from './wine.js';

export interface Bench {
  readonly wine: Wine;
  /** The Windows Node. */
  readonly node: string;
  /** The copy of the workspace. */
  readonly workspace: string;
  /** A folder for reports. */
  readonly reports: string;
}

/** What a suite has shown, and what it has printed. */
export interface SuiteResult extends Summary {
  readonly output: string;
}

/** Runs the tests of a suite under the Windows Node. Whatever ends them before their report is one failure, but for a first crash of Wine's server. */
export async function runSuite(suite: Suite, bench: Bench, timeoutMs: number): Promise<SuiteResult> {
  const reports = join(bench.reports, suite.name.replaceAll(/\W+/g, '-'));
  await mkdir(reports, { recursive: true });
  const vitest = join(bench.workspace, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join(bench.workspace, 'vitest.config.ts');
  const args = ['run', '--config', config, '--project', suite.kind, '--no-isolate', ...suite.files];
  const run = (): Promise<Ran> =>
    bench.wine.run([bench.node, vitest, ...args], {
      cwd: join(bench.workspace, suite.folder),
      env: { OSTLER_TEST_REPORTS: reports, NO_COLOR: '1', ...suite.env },
      timeoutMs,
    });
  let ran = await run();
  if (ran.serverIsGone) {
    process.stdout.write(`${suite.name}: Wine's own server has crashed; once more with a new one\n`);
    ran = await run();
  }
  const output = `${ran.stdout}${ran.stderr}`;
  const report = join(reports, `${suite.folder.replaceAll('/', '-')}.json`);
  if (!existsSync(report)) {
    const how = ran.exitCode === null ? `was ended after ${timeoutMs} ms` : `ended with exit code ${ran.exitCode}`;
    return { passed: 0, failed: 1, skipped: [], output: `${output}\n${suite.name}: vitest ${how} without a report` };
  }
  return { ...summarize(JSON.parse(await readFile(report, 'utf8')) as VitestReport), output };
}
