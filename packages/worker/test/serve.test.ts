import { expect, test } from 'vitest';
import { isServing, serve } from '../src/serve.js';

test('a handler that is no function is refused before anything has happened', () => {
  const handlers = { fine: () => '', wrong: 42 as never };
  expect(() => serve(handlers)).toThrow("serve(): handler 'wrong' should be a function, got a value of type number");
  expect(isServing()).toBe(false);
});
