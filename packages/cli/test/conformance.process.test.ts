import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const OSTLER = fileURLToPath(new URL('../bin/ostler.js', import.meta.url));
const TEST_TIMEOUT = 60_000;

function nodeFixture(name: string): [string, string] {
  return [process.execPath, fileURLToPath(new URL(`../../testkit/fixtures/node/${name}.js`, import.meta.url))];
}

describe('ostler conformance', () => {
  const breakerLine = (defect: string) => [...nodeFixture('rule-breaker'), defect, '--option-of-its-own'];
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [OSTLER, 'conformance', ...args], { encoding: 'utf8' });

  it('prints a table and exits with 0 when every rule holds', { timeout: TEST_TIMEOUT }, () => {
    const { status, stdout } = run('--only', 'ping', '--transport', 'channel', '--', ...nodeFixture('conformance'));
    expect(stdout).toContain('2 ok, 0 failed, 0 not applicable');
    expect(stdout).toMatch(/^ +1 +ping +ok +An idle worker answers/m);
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

  it.each([
    [[], 'no command given'],
    [['--transport', 'pigeon', '--', 'x'], "no transport 'pigeon', only channel, stdio, ledger"],
    [['--only', 'no-such-rule', '--', 'x'], 'no check is named no-such-rule'],
    [['--protocol', 'json', '--', 'x'], "--protocol should be frames, lines or exec, got 'json'"],
    [['--timeout', '10', '--', 'x'], "--timeout should be a duration like 500ms, 30s or 5m, got '10'"],
    [['--bogus'], "unknown option '--bogus'"],
  ])('exits with 2 and says what is wrong with %j', (args, message) => {
    const { status, stderr } = run(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it('plays its own rules for a program that answers a line with a line', () => {
    const { status, stdout } = run(
      '--protocol',
      'lines',
      '--',
      process.execPath,
      '-e',
      'process.stdin.pipe(process.stdout)',
    );
    expect(stdout).toContain('4 ok, 0 failed');
    expect(status).toBe(0);
  });

  it.each([
    ['lines', `process.stdin.on('data', (data) => console.log('two\\nlines'))`, 'in-turn'],
    ['lines', `console.log('Welcome!'); process.stdin.resume()`, 'quiet'],
    ['lines', `process.stdin.resume(); process.stdin.on('end', () => process.exit(3))`, 'quiet'],
    ['exec', `process.stdin.resume(); process.exitCode = 3`, 'ends'],
    ['exec', `setInterval(() => {}, 1000)`, 'no-input'],
  ])('finds out a program that does not keep to %s: %s', (protocol, source, rule) => {
    const { status, stdout } = run('--protocol', protocol, '--timeout', '1s', '--', process.execPath, '-e', source);
    expect(stdout).toMatch(new RegExp(`FAILED ${rule} \\(stdio\\)`));
    expect(status).toBe(1);
  });
});
