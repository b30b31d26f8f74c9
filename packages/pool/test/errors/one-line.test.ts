import { describe, expect, test } from 'vitest';
import { firstLine, lastLine, oneLine } from '../../src/errors/one-line.js';

describe('text in one line', () => {
  test('has no line breaks and no control characters', () => {
    expect(oneLine(' a\r\n\tb\u001b[31mc\u0000 ')).toBe('a b [31mc');
  });

  test('is cut where it is too long', () => {
    expect(oneLine('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`);
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine(`a${' '.repeat(1_000)}b`, 4)).toBe('a…');
    expect(oneLine('x'.repeat(200))).toBe('x'.repeat(200));
  });
});

describe('the first line', () => {
  test.each([
    ['\n\n usage: x\nmore', 'usage: x'],
    ['', ''],
    [' \n ', ''],
  ])('of %o is %o', (text, line) => {
    expect(firstLine(text)).toBe(line);
  });
});

const NODE_REPORT = `file:///srv/w.js:1
throw Object.assign(new RangeError('boom: too far'), { code: 'E_FAR' });
      ^

RangeError: boom: too far
    at file:///srv/w.js:1:28
    at ModuleJob.run (node:internal/modules/esm/module_job:343:25) {
  code: 'E_FAR'
}

Node.js v20.20.2
`;

describe('the last line that says something', () => {
  test.each([
    ['last gasp\n', 'last gasp'],
    ['one\r\ntwo\r\n\r\n', 'two'],
    ['', ''],
    [NODE_REPORT, 'RangeError: boom: too far'],
    ["Traceback (most recent call last):\n  File 'x', line 1\nValueError: bad\n", 'ValueError: bad'],
    [
      'Unhandled exception. System.InvalidOperationException: boom\n   at Program.<Main>$(String[] args)\n',
      'Unhandled exception. System.InvalidOperationException: boom',
    ],
    [
      "thread 'main' panicked at src/main.rs:2:5:\nboom\nnote: run with `RUST_BACKTRACE=1` environment variable\n",
      'boom',
    ],
    [
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xb78db3 node::OOMErrorHandler [node]\n10: 0x195e476  [node]\n',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    ],
    [
      'FATAL ERROR: Zone Allocation failed - process out of memory\r\n----- Native stack trace -----\r\n\r\n 1: 000000014033C23B node::OnFatalError+11\r\n48: 0000000000000000 \r\n',
      'FATAL ERROR: Zone Allocation failed - process out of memory',
    ],
    ['    at nothing but frames\n', 'at nothing but frames'],
    ['\nNode.js v20.20.2\n', 'Node.js v20.20.2'],
  ])('of %o is %o', (text, line) => {
    expect(lastLine(text)).toBe(line);
  });
});
