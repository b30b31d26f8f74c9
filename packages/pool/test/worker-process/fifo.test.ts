import { expect, test } from 'vitest';
import { Fifo } from '../../src/worker-process/fifo.js';

test('a queue keeps its order while it grows', () => {
  const fifo = new Fifo<number>();
  for (let i = 0; i < 10_000; i++) {
    fifo.push(2 * i);
    fifo.push(2 * i + 1);
    expect(fifo.shift()).toBe(i);
  }
  expect(fifo.length).toBe(10_000);
});
