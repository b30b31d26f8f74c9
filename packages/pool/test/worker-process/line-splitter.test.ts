import { expect, test } from 'vitest';
import { LineSplitter } from '../../src/worker-process/line-splitter.js';
import { split } from './split.js';

test('lines end at a line feed, or a carriage return and one, or with the stream', () => {
  expect(split('a\nb\r\n\nc')).toEqual(['a', 'b', '', 'c']);
  expect(split('')).toEqual([]);
  expect(split('a', 'b', '\r', '\nc\n')).toEqual(['ab', 'c']);
});

test('bytes that are no UTF-8 are replaced', () => {
  expect(split(new Uint8Array([0x61, 0xff, 0x62, 0x0a]))).toEqual(['a\ufffdb']);
});

test('a long line is cut after 64 KiB, never within a character', () => {
  const lines = split('x'.repeat(200_000));
  expect(lines.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3_392]);
  const horses = split(`a${'🐎'.repeat(40_000)}\n`);
  expect(horses.join('')).toBe(`a${'🐎'.repeat(40_000)}`);
});

test('a flood of bytes without a line end costs no more than one line of memory', () => {
  const lines: number[] = [];
  const splitter = new LineSplitter((line) => lines.push(line.length));
  for (let i = 0; i < 1_000; i++) splitter.push(new Uint8Array(10_000).fill(0x80));
  splitter.end();
  expect(Math.max(...lines)).toBeLessThanOrEqual(65_536);
  expect(lines.reduce((sum, length) => sum + length)).toBe(10_000_000);
});
