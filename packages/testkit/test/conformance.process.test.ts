import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Command, nodeFixture, pythonFixture, runConformance } from '@ostler/testkit';
import { describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('../dist/bin/conformance.js', import.meta.url));
const TRANSPORTS = ['channel', 'stdio', 'ledger'] as const;
/** Milliseconds; the checks wait for events, so this only bounds what a worker may fail to do on a busy machine. */
const TEST_TIMEOUT = 300_000;

describe.each([
  ['@ostler/worker', nodeFixture('conformance')],
  ['ostler_worker.py', pythonFixture('conformance')],
])('%s', (_, command) => {
  it.each(TRANSPORTS)('keeps every rule of the protocol over %s', { timeout: TEST_TIMEOUT }, async (transport) => {
    const { results } = await runConformance(command, { transports: [transport], timeout: 30_000 });
    expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(results.length).toBeGreaterThan(70);
  });
});

describe('the suite itself', () => {
  const breaker = (defect: string): Command => [...nodeFixture('rule-breaker'), defect];
  const rules = ['hello', 'layout', 'order', 'ids', 'id-again', 'publish', 'stream-credit', 'ping', 'eof-behind'];
  const only = { only: rules, transports: ['channel'], timeout: 20_000 } as const;

  it('finds no fault with a worker that has none', { timeout: TEST_TIMEOUT }, async () => {
    const { results } = await runConformance(breaker('none'), {
      ...only,
      only: rules.filter((rule) => rule !== 'publish'),
    });
    expect(results.filter(({ status }) => status !== 'ok').map(({ check }) => check)).toEqual(['ping-busy']);
  });

  it.each([
    ['wrong-id', 'ids', 1_000],
    ['reversed', 'order', 20_000],
    ['late', 'publish-before-begin', 20_000],
    ['twice', 'order', 20_000],
    ['no-credit', 'stream-credit', 20_000],
    ['no-pong', 'ping', 1_000],
    ['stays', 'eof-behind-tasks', 1_000],
    ['print', 'default-handler', 20_000],
    ['padding', 'layout', 20_000],
    ['trailer', 'default-handler', 1_000],
    ['no-key', 'default-handler', 1_000],
  ])(
    'notices a worker with the defect "%s" by the rule %s',
    { timeout: TEST_TIMEOUT },
    async (defect, rule, timeout) => {
      const { results } = await runConformance(breaker(defect), { only: [rule], transports: ['channel'], timeout });
      expect(results.find(({ check }) => check === rule)).toMatchObject({
        status: 'failed',
        expected: expect.any(String),
      });
    },
  );

  it('says of a plain program that it never said HELLO, with what it printed', async () => {
    const { results, hello } = await runConformance(nodeFixture('not-a-worker'), { transports: ['channel', 'stdio'] });
    expect(hello).toBeUndefined();
    expect(results.map(({ check, status }) => [check, status])).toEqual([
      ['hello', 'failed'],
      ['hello', 'failed'],
    ]);
    expect(results[0]?.got).toContain('exit 2');
    expect(results[0]?.got).toContain('usage: not-a-worker');
  });

  it('says of a command that does not exist why it cannot run', async () => {
    const { results } = await runConformance(['/no/such/worker'], { transports: ['channel'] });
    expect(results[0]).toMatchObject({ status: 'failed', got: expect.stringContaining('ENOENT') });
  });
});

describe('the command line', () => {
  const breakerLine = (defect: string) => [...nodeFixture('rule-breaker'), defect, '--option-of-its-own'];
  const run = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });

  it('prints a table and exits with 0 when every rule holds', { timeout: TEST_TIMEOUT }, () => {
    const { status, stdout } = run('--only', 'ping', '--transport', 'channel', '--', ...nodeFixture('conformance'));
    expect(stdout).toContain('2 ok, 0 failed, 0 not applicable');
    expect(stdout).toMatch(/^ping +ok +An idle worker answers/m);
    expect(status).toBe(0);
  });

  it('takes what follows the first word for the command, with or without --', { timeout: TEST_TIMEOUT }, () => {
    for (const dashes of [['--'], []]) {
      const { status, stdout } = run('--only', 'ping', '--transport', 'channel', ...dashes, ...breakerLine('none'));
      expect([status, stdout.split('\n')[0]]).toEqual([
        0,
        expect.stringContaining('rule-breaker.js none --option-of-its-own'),
      ]);
    }
  });

  it('exits with 1 when a rule is broken, and gives everything as JSON', { timeout: TEST_TIMEOUT }, () => {
    const args = [
      '--json',
      '--only',
      'order',
      '--transport',
      'stdio',
      '--',
      ...nodeFixture('rule-breaker'),
      'reversed',
    ];
    const { status, stdout } = run(...args);
    expect(JSON.parse(stdout)).toMatchObject({ failed: 1, results: [{ check: 'order', transport: 'stdio' }] });
    expect(status).toBe(1);
  });

  it('exits with 2 and its usage when it is called wrongly', () => {
    for (const args of [[], ['--transport', 'pigeon', '--', 'x'], ['--only', 'no-such-rule', '--', 'x'], ['--bogus']]) {
      const { status, stderr } = run(...args);
      expect(stderr).toContain('usage: conformance');
      expect(status).toBe(2);
    }
  });
});
