import { type Command, runConformance } from '@ostler/conformance';
import { nodeFixture, pythonFixture, whyNoPython } from '@ostler/testkit';
import { describe, expect, it } from 'vitest';

const TRANSPORTS = ['channel', 'stdio', 'ledger'] as const;
/** Milliseconds; the checks wait for events, so this only bounds what a worker may fail to do on a busy machine. */
const TEST_TIMEOUT = 300_000;

describe.each([
  ['@ostler/worker', nodeFixture('conformance'), true],
  ['ostler_worker (needs python3)', pythonFixture('conformance'), whyNoPython() === null],
])('%s', (_, command, isThere) => {
  it.skipIf(!isThere).each(TRANSPORTS)(
    'keeps every rule of the protocol over %s',
    { timeout: TEST_TIMEOUT },
    async (transport) => {
      const { results } = await runConformance(command, { transports: [transport], timeout: 30_000 });
      expect(results.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(results.length).toBeGreaterThan(70);
    },
  );
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
