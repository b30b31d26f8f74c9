import { describe, expect, test, vi } from 'vitest';

vi.hoisted(() => {
  process.env.OSTLER_NATIVE = 'off';
});

const { nodeOs } = await import('@ostler/pool/os');
const { testOperatingSystem } = await import('./node-os.suite.js');

describe('processes without the addon', () => {
  test('are what there is where it is off', () => {
    expect(nodeOs().addonPath).toBeUndefined();
  });

  testOperatingSystem();
});
