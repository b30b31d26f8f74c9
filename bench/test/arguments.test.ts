import { expect, test } from 'vitest';
import { readArguments, UsageError } from '../src/arguments.js';

const KNOWN = ['one', 'two', 'three'];

test('without names all suites are meant', () => {
  expect(readArguments([], KNOWN)).toEqual({
    quick: false,
    markdown: false,
    help: false,
    suites: KNOWN,
    results: undefined,
  });
});

test('named suites run once each, in the usual order', () => {
  expect(readArguments(['three', '--quick', 'one', 'three'], KNOWN).suites).toEqual(['one', 'three']);
});

test('an unknown suite or option is refused', () => {
  expect(() => readArguments(['four'], KNOWN)).toThrow(/there is no suite 'four', only one, two, three/);
  expect(() => readArguments(['--fast'], KNOWN)).toThrow(UsageError);
});
