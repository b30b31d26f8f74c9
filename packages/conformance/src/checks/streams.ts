import { Encoding, FrameType, INITIAL_CREDIT } from '@ostler/protocol';
import type { Check } from '../check.js';
import { expectFate } from '../fate.js';
import { bytesTask, control, credit, type Outgoing, valueTask } from '../messages.js';
import type { RawParent } from '../raw-parent.js';
import { expectBytes, expectEqual, expectThat } from '../violation.js';

const ITEM = 16_384;
/** Of so many bytes, as many as the first credit allows. */
const FIRST_CHUNKS = INITIAL_CREDIT / ITEM;

/** CHUNK, END and CREDIT. */
export const streamChecks: readonly Check[] = [
  {
    name: 'stream',
    rule: "A generator's items come as CHUNK frames in the request's encoding, in order, then an empty END",
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(count(1, 3, 5), valueTask(2, { items: 2, size: 3 }, { handler: 'count', stream: true }));
      expectEqual(
        'terminal frame',
        [(await parent.settled(1)).type, (await parent.settled(1)).body.length],
        [FrameType.end, 0],
      );
      expectEqual('chunks', texts(parent, 1), ['00000', '00001', '00002']);
      await parent.settled(2);
      expectEqual('chunks of JSON', texts(parent, 2), ['"000"', '"001"']);
      expectEqual('encoding', chunks(parent, 2)[0]?.encoding, Encoding.json);
      return undefined;
    },
  },
  {
    name: 'empty-stream',
    rule: 'A stream without items is END alone',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(count(1, 0, 1));
      expectEqual('terminal frame', (await parent.settled(1)).type, FrameType.end);
      expectEqual('chunks', chunks(parent, 1).length, 0);
      return undefined;
    },
  },
  {
    name: 'stream-credit',
    rule: 'Chunks stop when their credit (262,144 bytes at first) is used up, and go on after CREDIT',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(count(1, 40, ITEM));
      await untilCreditIsUsed(parent, 1);
      await parent.ping(100); // a worker that waits for CREDIT reads, so it answers
      expectEqual('chunks for the first credit', chunks(parent, 1).length, FIRST_CHUNKS);
      parent.send(credit(1, 2 * ITEM));
      await parent.until('2 more chunks', () => chunks(parent, 1).length >= FIRST_CHUNKS + 2 || undefined);
      await parent.ping(101);
      expectEqual('chunks after CREDIT for 2', chunks(parent, 1).length, FIRST_CHUNKS + 2);
      parent.send(credit(1, 1));
      await parent.until('a chunk for 1 byte', () => chunks(parent, 1).length >= FIRST_CHUNKS + 3 || undefined);
      await parent.ping(102);
      expectEqual('chunks after CREDIT of 1 byte', chunks(parent, 1).length, FIRST_CHUNKS + 3);
      parent.send(credit(1, 100 * ITEM));
      expectEqual('terminal frame', (await parent.settled(1)).type, FrameType.end);
      expectEqual('the last chunk', texts(parent, 1)[39]?.slice(-3), '039');
      return undefined;
    },
  },
  {
    name: 'stream-cancel',
    rule: 'CANCEL ends a stream that waits for credit with FAILURE+CANCELLED, and the next task begins',
    needs: ['stream', 'cancel'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(count(1, 40, ITEM), bytesTask(2, 'next'));
      await untilCreditIsUsed(parent, 1);
      parent.send(control(FrameType.cancel, 1));
      expectFate(await parent.failure(1), 'cancelled');
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'stream-eof',
    rule: 'At end of file a stream that waits for credit ends: the worker leaves',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(count(1, 40, ITEM));
      await untilCreditIsUsed(parent, 1);
      parent.end();
      const { code, signal } = await parent.gone();
      return `exit ${code ?? signal}`;
    },
  },
  {
    name: 'stream-not-asked',
    rule: 'A handler that streams for a TASK without STREAM: FAILURE ReplyKindError',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, '{"items":2,"size":1}', { handler: 'count' }), bytesTask(2, 'alive'));
      expectEqual('name', (await parent.failure(1)).name, 'ReplyKindError');
      expectEqual('chunks', chunks(parent, 1).length, 0);
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'single-value-stream',
    rule: 'A single value for a STREAM task is one CHUNK and END',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, 'only', { stream: true }));
      expectEqual('terminal frame', (await parent.settled(1)).type, FrameType.end);
      expectEqual('chunks', texts(parent, 1), ['only']);
      return undefined;
    },
  },
  {
    name: 'stream-failure',
    rule: 'A handler that throws for a STREAM task: FAILURE instead of END',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, '', { handler: 'fail', stream: true }));
      expectEqual('message', (await parent.failure(1)).message, 'told to fail');
      return undefined;
    },
  },
  {
    name: 'large-chunk',
    rule: 'A chunk larger than a frame comes as CHUNK+MORE and BODY frames',
    needs: ['stream'],
    async run(stage) {
      const parent = await stage.start({ maxFrame: 1_000 });
      parent.send(count(1, 2, 2_500));
      await parent.settled(1);
      const [first, second] = chunks(parent, 1);
      expectThat(first !== undefined && second !== undefined, 'two chunks', `${chunks(parent, 1).length}`);
      expectBytes('second chunk', second.body, new TextEncoder().encode('1'.padStart(2_500, '0')));
      return undefined;
    },
  },
];

function count(id: number, items: number, size: number): Outgoing {
  return bytesTask(id, JSON.stringify({ items, size }), { handler: 'count', stream: true });
}

function chunks(parent: RawParent, id: number) {
  return parent.about(id).filter(({ type }) => type === FrameType.chunk);
}

/** As many chunks have come as the first credit allows. */
async function untilCreditIsUsed(parent: RawParent, id: number): Promise<void> {
  await parent.until(`${FIRST_CHUNKS} chunks`, () => chunks(parent, id).length >= FIRST_CHUNKS || undefined);
}

function texts(parent: RawParent, id: number): string[] {
  return chunks(parent, id).map(({ body }) => new TextDecoder().decode(body));
}
