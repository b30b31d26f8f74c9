import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missingLanguages, SETUPS } from '../../../dist/faults/index.js';

const CLI = fileURLToPath(new URL('../../../dist/bin/faults.js', import.meta.url));
const TEST_TIMEOUT = 240_000;

function faults(...args: string[]) {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
}

describe('the program', () => {
  it('prints a table, then the account of each campaign, and exits with 0', { timeout: TEST_TIMEOUT }, () => {
    const { status, stdout } = faults('--only', 'exit 1', '--kills', '10', '--seed', '7');
    expect(stdout).toMatch(/^fault +worker +over +depth +bad task/);
    expect(stdout).toContain(`${SETUPS.length} cells, 0 wrong`);
    expect(stdout).toMatch(/10 workers in python over ledger killed by SIGKILL .* seed 7\)/);
    expect(stdout).toMatch(/2 workers in node over ledger killed/);
    for (const language of ['cpp', 'dotnet']) {
      expect(stdout).toMatch(new RegExp(`(\\d+|not run:) workers in ${language}[, ]`));
    }
    expect(status).toBe(0);
  });

  it('gives everything as JSON', { timeout: TEST_TIMEOUT }, () => {
    const { status, stdout } = faults('--only', 'exit 1', '--json');
    const { cells, campaigns, missing } = JSON.parse(stdout);
    expect(cells).toHaveLength(SETUPS.length);
    expect(cells[0]).toMatchObject({ fault: 'exit 1', bad: 'ERR_WORKER_CRASHED (exit 1)', hurt: 0 });
    expect(campaigns).toEqual([]);
    expect(missing).toEqual(Object.fromEntries(missingLanguages()));
    expect(status).toBe(0);
  });

  it.each([[['--only', 'nonsense']], [['--kills', 'many']], [['--what']]])('exits with 2 for %j', (args) => {
    const { status, stderr } = faults(...args);
    expect(status).toBe(2);
    expect(stderr).toContain('usage: faults');
  });
});
