import { expect, test } from 'vitest';
import { typeErrors } from './type-errors.js';

test("the types are the contract's", () => {
  expect(typeErrors('contract-types.ts')).toEqual([]);
});

test('a call takes what its handler takes, and gives what JSON makes of its reply', () => {
  expect(typeErrors('handler-cases.ts')).toEqual([]);
});
