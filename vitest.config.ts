import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const packageName = relative(root, process.cwd()).split(sep).join('-') || 'scripts';

/** Where `npm test` collects the totals of all packages; unset when a package's tests are run by themselves. */
const reports = process.env.OSTLER_TEST_REPORTS;

/** Wine lacks some of what Windows has: a test that needs such a thing says so in its name. */
if (existsSync('C:\\windows\\system32\\winecfg.exe')) process.env.OSTLER_WINE = '1';

/** A folder of tests that is named after a system is for that one alone. */
const SYSTEMS = { linux: 'test/linux/**', win32: 'test/windows/**' };
const othersOnly = Object.entries(SYSTEMS).flatMap(([system, tests]) => (system === process.platform ? [] : [tests]));

/**
 * Shared by every package (`vitest run --config ../../vitest.config.ts`). Pure tests run from TypeScript through the
 * `source` condition; process tests run built code on both sides, after them and one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions: ['source'] },
        ssr: { resolve: { conditions: ['source'] } },
        test: {
          name: 'pure',
          pool: 'forks',
          include: ['test/**/*.test.ts'],
          exclude: ['**/*.process.test.ts', '**/node_modules/**', ...othersOnly],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'process',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['test/**/*.process.test.ts'],
          exclude: ['**/node_modules/**', ...othersOnly],
          sequence: { groupOrder: 1 },
        },
      },
    ],
    passWithNoTests: true,
    ...(reports && { reporters: ['default', ['json', { outputFile: join(reports, `${packageName}.json`) }]] }),
  },
});
