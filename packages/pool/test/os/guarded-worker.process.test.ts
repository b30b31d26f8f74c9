import { load } from '@ostler/native';
import { nodeOs } from '@ostler/pool/os';
import { describe, expect, test } from 'vitest';
import { testOperatingSystem } from './node-os.suite.js';

describe.skipIf(load().binding === undefined)('processes under a guard', () => {
  test('are what there is where the addon is', () => {
    expect(nodeOs().addonPath).toBeDefined();
  });

  testOperatingSystem();
});
