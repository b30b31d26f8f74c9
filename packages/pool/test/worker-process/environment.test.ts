import { expect, test } from 'vitest';
import { workerEnvironment } from '../../src/worker-process/environment.js';

const options = {
  command: ['worker'] as const,
  cwd: undefined,
  inheritedEnv: {
    HOME: '/root',
    PORT: 'inherited',
    TEMPLATE: '{slot}',
    OSTLER_CHANNEL: '9,9',
    OSTLER_LEDGER: '9',
    OSTLER_ADDON: '/their/addon',
  },
  env: { PORT: '80{slot}0', OSTLER_SLOT: 'mine' },
  protocol: 'frames',
  poolName: 'stable',
  initData: undefined,
  maxBodySize: 1,
  concurrency: 1,
};

test('a worker inherits, then gets its own values with its slot, then what we say', () => {
  expect(workerEnvironment(options, { id: 12, slot: 3 }, { channel: true, ledger: true, addon: '/our/addon' })).toEqual(
    {
      HOME: '/root',
      PORT: '8030',
      TEMPLATE: '{slot}',
      OSTLER_CHANNEL: '3,4',
      OSTLER_LEDGER: '5',
      OSTLER_ADDON: '/our/addon',
      OSTLER_SLOT: '3',
      OSTLER_WORKER_ID: '12',
      OSTLER_POOL: 'stable',
    },
  );
});

test('a pool within a worker passes on nothing of what that worker was offered', () => {
  const env = workerEnvironment(options, { id: 12, slot: 3 }, { channel: false, ledger: false, addon: '/our/addon' });
  expect(env).not.toHaveProperty('OSTLER_CHANNEL');
  expect(env).not.toHaveProperty('OSTLER_LEDGER');
  expect(env).not.toHaveProperty('OSTLER_ADDON');
});
