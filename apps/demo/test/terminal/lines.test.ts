import { describe, expect, test } from 'vitest';
import { bar } from '../../src/terminal/bar.js';
import { clip, createStyle, visibleLength } from '../../src/terminal/style.js';
import { table } from '../../src/terminal/table.js';
import { wrap } from '../../src/terminal/wrap.js';

describe('a bar', () => {
  test.for([
    [0, '░░░░'],
    [0.5, '██░░'],
    [0.28, '█▏░░'],
    [1, '████'],
    [7, '████'],
    [-1, '░░░░'],
  ] as const)('at %d is %s', ([fraction, drawn]) => expect(bar(fraction, 4)).toBe(drawn));
});

describe('a coloured text', () => {
  const style = createStyle(true);

  test('is as long as what one sees, and plain without colours', () => {
    expect(visibleLength(style.red('abc'))).toBe(3);
    expect(createStyle(false).red('abc')).toBe('abc');
  });

  test('is cut at a width without losing the end of its colour', () => {
    expect(clip(style.red('abcdef'), 6)).toBe(style.red('abcdef'));
    expect(clip(`${style.red('abc')}${style.bold('def')}`, 4)).toBe(`${style.red('abc')}${style.bold('…')}`);
    expect(clip('abcdef', 4)).toBe('abc…');
  });
});

test('a paragraph is broken between words, and a word only when it does not fit', () => {
  expect(wrap('one two  three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
  expect(wrap('', 3)).toEqual([]);
});

test('a table aligns names to the left and figures to the right', () => {
  expect(
    table(
      ['', 'files'],
      [
        ['Node', '9,882'],
        ['Python', '7'],
      ],
    ),
  ).toEqual(['        files', '─────────────', 'Node    9,882', 'Python      7']);
});
