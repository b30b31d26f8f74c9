import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../../src/worker-process/fifo.js';

test('a queue behaves as an array does', () => {
  const step = fc.oneof(fc.nat(9), fc.constant('shift' as const), fc.constant('take' as const));
  fc.assert(
    fc.property(fc.array(step, { size: 'max', maxLength: 4_000 }), (steps) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      for (const step of steps) {
        if (step === 'shift') expect(fifo.shift()).toBe(array.shift());
        else if (step === 'take') {
          const index = array.indexOf(4);
          expect(fifo.take((item) => item === 4)).toBe(index < 0 ? undefined : array.splice(index, 1)[0]);
        } else {
          array.push(step);
          fifo.push(step);
        }
        expect(fifo.length).toBe(array.length);
        expect(fifo.first).toBe(array[0]);
      }
      expect(fifo.some((item) => item === 7)).toBe(array.includes(7));
    }),
    { numRuns: 20 },
  );
});
