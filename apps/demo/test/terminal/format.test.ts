import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  plural,
  shortenPath,
} from '../../src/terminal/format.js';

test('counts and nouns read as a person writes them', () => {
  expect(formatCount(9882)).toBe('9,882');
  expect([plural(0, 'file'), plural(1, 'file'), plural(2000, 'file')]).toEqual(['0 files', '1 file', '2,000 files']);
});

test.for([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 KB'],
  [1_549, '1.5 KB'],
  [212_400_000, '212 MB'],
  [9_960_000, '10 MB'],
  [3_200_000_000_000_000, '3,200 TB'],
] as const)('%d bytes are %s', ([bytes, text]) => expect(formatBytes(bytes)).toBe(text));

test('durations and rates have the precision that means something', () => {
  expect([formatDuration(0.4), formatDuration(340.2), formatDuration(2_360)]).toEqual(['0 ms', '340 ms', '2.4 s']);
  expect([formatRate(64, 3_000), formatRate(7_300, 3_000), formatRate(1, 0)]).toEqual(['21.3', '2,433', '0']);
});

test('a long path keeps its end', () => {
  expect(shortenPath('short.js', 10)).toBe('short.js');
  expect(shortenPath('node_modules/typescript/lib/typescript.js', 20)).toBe('…t/lib/typescript.js');
});
