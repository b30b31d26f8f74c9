import { describe, expect, test } from 'vitest';
import { valueInWords } from '../../src/errors/value-in-words.js';

const never = () => {
  throw new Error('code of the value was run');
};

describe('a value in words', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [10n, '10n'],
    [Symbol('s'), 'Symbol(s)'],
    ["it's\na", '"it\'s\\na"'],
    ['x'.repeat(1_000), `'${'x'.repeat(60)}'... 940 more characters`],
    [() => 1, 'a function'],
    [never, 'function never'],
    [class Big {}, 'function Big'],
    [[1, 'a', [2, [3]]], "[ 1, 'a', [ 2, [Array] ] ]"],
    [Array.from({ length: 100 }, (_, i) => i), '[ 0, 1, 2, 3, 4, 5, ... 94 more items ]'],
    [new Map([[1, 2]]), 'Map(1) { 1 => 2 }'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('of %o', (value, words) => {
    expect(valueInWords(value)).toBe(words);
  });

  test('is one short line, whatever the value', () => {
    const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`key${i}`, new Error('a\nb')]));
    expect(valueInWords(wide)).toMatch(/^.{100}$/);
  });

  test('runs nothing of the value', () => {
    const traps = new Proxy({}, { get: never, ownKeys: never, getPrototypeOf: never, has: never });
    const value = {
      get a() {
        return never();
      },
      toString: never,
      toJSON: never,
      [Symbol.for('nodejs.util.inspect.custom')]: never,
      traps,
    };
    expect(valueInWords(value)).toMatch(/^\{ a: \[Getter\], /);
  });
});
