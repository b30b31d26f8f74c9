import { expect, test } from 'vitest';
import { heapVariables, limitsEveryHeap } from '../../src/launch/heap-variables.js';

const MIB = 1024 * 1024;
const none = { env: {}, command: ['node', 'w.js'] };

test('three quarters of the limit are the heap’s, in the unit of each runtime', () => {
  const variables = heapVariables(100 * MIB, none);
  expect(variables).toEqual({ NODE_OPTIONS: '--max-old-space-size=75', DOTNET_GCHeapHardLimit: '4b00000' });
  expect(limitsEveryHeap(variables)).toBe(true);
});

test('without a limit there are none', () => {
  expect(heapVariables(undefined, none)).toEqual({});
});

test('other options of Node stay', () => {
  const { NODE_OPTIONS } = heapVariables(100 * MIB, { ...none, env: { NODE_OPTIONS: '--enable-source-maps' } });
  expect(NODE_OPTIONS).toBe('--enable-source-maps --max-old-space-size=75');
});

test.each([
  { env: { NODE_OPTIONS: '--max-old-space-size=20' }, command: [] },
  { env: { NODE_OPTIONS: '--max_old_space_size=20' }, command: [] },
  { env: {}, command: ['node', '--max-heap-size=20', 'w.js'] },
])('a heap that was given its size keeps it: %o', (given) => {
  const variables = heapVariables(100 * MIB, given);
  expect(variables).toEqual({ DOTNET_GCHeapHardLimit: '4b00000' });
  expect(limitsEveryHeap(variables)).toBe(false);
});

test.each(['DOTNET_GCHeapHardLimit', 'DOTNET_GCHeapHardLimitPercent', 'COMPlus_GCHeapHardLimit'])(
  'so does one by %s',
  (name) => {
    expect(heapVariables(100 * MIB, { ...none, env: { [name]: '1' } })).toEqual({
      NODE_OPTIONS: '--max-old-space-size=75',
    });
  },
);
