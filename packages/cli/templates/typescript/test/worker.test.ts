import assert from 'node:assert/strict';
import { test } from 'node:test';
import echo, { sha512, sum } from '../src/worker.js';

const task = { signal: new AbortController().signal, log: () => {} };

test('echo gives back what it gets', () => {
  assert.equal(echo('as it was'), 'as it was');
});

test('sha512 is a digest in hex', () => {
  assert.match(sha512(Buffer.from('hello')), /^9b71d224bd62f378/);
});

test('sum adds', async () => {
  assert.deepEqual(await sum({ a: 1, b: 2 }, task), { sum: 3 });
});
