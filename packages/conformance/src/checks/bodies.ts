import { Flag, FrameType, splitBody } from '@ostler/protocol';
import type { Check } from '../check.js';
import { expectFate } from '../fate.js';
import { bytesTask, control, valueTask } from '../messages.js';
import { isTerminal } from '../received-frame.js';
import { expectBytes, expectEqual, expectThat } from '../violation.js';

const MAX_FRAME = 1_024;

/** Large bodies: MORE and BODY, and the limits. */
export const bodyChecks: readonly Check[] = [
  {
    name: 'large-task',
    rule: 'A task in pieces (TASK+MORE, BODY…) is one task; control frames may stand between the pieces',
    async run(stage) {
      const parent = await stage.start({ maxFrame: MAX_FRAME });
      const body = pattern(5_000);
      const pieces = [...splitBody({ ...bytesTask(1, body), key: parent.key }, MAX_FRAME)];
      for (const [index, piece] of pieces.entries()) {
        parent.send(piece);
        if (index < pieces.length - 1) await parent.ping(500 + index);
      }
      expectBytes('reply', (await parent.result(1)).body, body);
      return undefined;
    },
  },
  {
    name: 'large-reply',
    rule: 'A reply larger than a frame comes in pieces: the first announces the total, none is over the frame limit',
    async run(stage) {
      const parent = await stage.start({ maxFrame: MAX_FRAME });
      parent.send(bytesTask(1, '{"size":5000}', { handler: 'big' }), valueTask(2, { size: 5_000 }, { handler: 'big' }));
      expectBytes('reply', (await parent.result(1)).body, pattern(5_000));
      expectEqual('reply to JSON', await parent.value(2), pattern(5_000));
      const pieces = parent.wire.frames.filter(({ id }) => id === 1);
      expectEqual('flag MORE on the first piece', pieces[0] && pieces[0].flags & Flag.more, Flag.more);
      const largest = Math.max(...parent.wire.frames.slice(1).map((frame) => frame.body.length));
      expectThat(largest <= MAX_FRAME, `frames of at most ${MAX_FRAME} bytes`, `${largest}`);
      return undefined;
    },
  },
  {
    name: 'frame-limit',
    rule: 'A body of exactly the frame limit is one frame; one byte more is two',
    async run(stage) {
      const parent = await stage.start({ maxFrame: MAX_FRAME });
      parent.send(bytesTask(1, pattern(MAX_FRAME)), bytesTask(2, pattern(MAX_FRAME + 1)));
      await parent.result(2);
      const framesOf = (task: number) => parent.wire.frames.filter(({ id }) => id === task).length;
      expectEqual('frames of both replies', [framesOf(1), framesOf(2)], [1, 2]);
      return undefined;
    },
  },
  {
    name: 'large-both-ways',
    rule: 'Bodies of a mebibyte go in and out without either side waiting for the other',
    async run(stage) {
      const parent = await stage.start();
      const body = pattern(1 << 20);
      parent.send(...[1, 2, 3, 4].map((id) => bytesTask(id, body)));
      for (const id of [1, 2, 3, 4]) expectBytes('reply', (await parent.result(id)).body, body);
      return undefined;
    },
  },
  {
    name: 'reply-too-large',
    rule: 'A reply over the body limit: FAILURE BodyTooLargeError with data { size, limit }; at the limit it is sent',
    async run(stage) {
      const parent = await stage.start({ maxBody: 10_000 });
      parent.send(...[10_000, 10_001].map((size) => bytesTask(size, JSON.stringify({ size }), { handler: 'big' })));
      expectEqual('size of the reply at the limit', (await parent.result(10_000)).body.length, 10_000);
      const { name, data } = await parent.failure(10_001);
      expectEqual('name', name, 'BodyTooLargeError');
      expectEqual('data', { size: data?.size, limit: data?.limit }, { size: 10_001, limit: 10_000 });
      parent.send(bytesTask(1, 'alive'));
      await parent.result(1);
      return undefined;
    },
  },
  {
    name: 'cancel-between-pieces',
    rule: 'A CANCEL for another task between the pieces of a body does not harm that body',
    async run(stage) {
      const parent = await stage.start({ maxFrame: MAX_FRAME });
      const body = pattern(3_000);
      const pieces = [...splitBody({ ...bytesTask(1, body), key: parent.key }, MAX_FRAME)];
      const [first, ...rest] = pieces;
      if (first === undefined) throw new Error('a split body has a first piece');
      parent.send(first, control(FrameType.cancel, 999), { type: 222, id: 5 }, ...rest);
      expectBytes('reply', (await parent.result(1)).body, body);
      return undefined;
    },
  },
  {
    name: 'cancel-arriving',
    rule: 'With "recall", CANCEL of a task whose pieces are coming: FAILURE+CANCELLED+NOT_STARTED behind its last piece',
    needs: ['recall', 'cancel'],
    async run(stage) {
      const parent = await stage.start({ maxFrame: MAX_FRAME });
      const pieces = [...splitBody({ ...bytesTask(1, pattern(3_000)), key: parent.key }, MAX_FRAME)];
      const last = pieces.pop();
      if (last === undefined) throw new Error('a split body has pieces');
      parent.send(...pieces, control(FrameType.cancel, 1));
      await parent.ping(5);
      expectEqual('terminal frames before the last piece', parent.about(1).filter(isTerminal).length, 0);
      parent.send(last, bytesTask(2, 'next'));
      expectFate(await parent.failure(1), 'unbegun');
      await parent.result(2);
      return undefined;
    },
  },
];

/** The bytes that the handler `big` gives. */
function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => index % 251);
}
