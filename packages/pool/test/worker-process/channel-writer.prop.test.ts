import { FrameType } from '@ostler/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_FRAME, SlowPipe, task } from './slow-pipe.js';

test('any tasks, taken at any pace, arrive whole and in order, and memory stays bounded', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    fc.string({ unit: 'grapheme', maxLength: 1_000 }),
    fc.string({ unit: 'binary', maxLength: 1_000 }).map((some) => some.repeat(90)),
    fc.integer({ min: 60_000, max: 600_000 }).map((length) => new Uint8Array(length).fill(length)),
  );
  const step = fc.oneof(
    { weight: 4, arbitrary: body },
    { weight: 2, arbitrary: fc.constant('turn' as const) },
    { weight: 3, arbitrary: fc.constant('take' as const) },
    { weight: 1, arbitrary: fc.constant('ping' as const) },
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ step }), { maxLength: 60 }),
      fc.constantFrom(100_000, MAX_FRAME),
      (steps, maxFrame) => {
        const pipe = new SlowPipe(maxFrame);
        const sent: Uint8Array[] = [];
        let pings = 0;
        for (const { step } of steps) {
          if (step === 'turn') pipe.turn();
          else if (step === 'take') pipe.take();
          else if (step === 'ping') pipe.writer.control({ type: FrameType.ping, id: ++pings });
          else {
            pipe.writer.send(task(sent.push(typeof step === 'string' ? Buffer.from(step) : step), step));
          }
          expect(pipe.pending).toBeLessThan(4 * 262_144);
        }
        pipe.takeAll();
        const tasks = pipe.frames.filter(({ type }) => type === FrameType.task);
        expect(tasks.map(({ id }) => id)).toEqual(sent.map((_, i) => i + 1));
        for (const { id, body } of tasks) expect(Buffer.compare(body, sent[id - 1] as Uint8Array)).toBe(0);
        expect(pipe.frames.length - tasks.length).toBe(pings);
        expect(pipe.writer.bytesUnsent).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});
