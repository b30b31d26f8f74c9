import { decodeRemoteError, encodeCredit, Flag, FrameType } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { bytesTask, Conversation, valueTask } from './support/conversation.js';
import { gated, settled } from './support/gated.js';

const { failure, result, cancel } = FrameType;

describe('a stream', () => {
  const streaming = { flags: Flag.stream };

  test('sends each item of a generator, then END', async () => {
    const conversation = await Conversation.ready({
      *default() {
        yield 'a';
        yield 'b';
      },
      async *later() {
        yield { n: 1 };
      },
    });
    conversation.send(bytesTask(1, '', streaming), valueTask(2, 0, { ...streaming, handler: 'later' }));
    await conversation.until(FrameType.end, 2);
    expect(conversation.story).toEqual(['chunk 1 a', 'chunk 1 b', 'end 1', 'chunk 2 {"n":1}', 'end 2']);
  });

  test('of one value is one chunk', async () => {
    const conversation = await Conversation.ready({ default: async () => 'all' });
    conversation.send(bytesTask(1, '', streaming));
    await conversation.until(FrameType.end, 1);
    expect(conversation.story).toEqual(['chunk 1 all', 'end 1']);
  });

  test('that nobody asked for fails with ReplyKindError, and the generator does not run', async () => {
    let ran = false;
    const conversation = await Conversation.ready({
      *default() {
        ran = true;
        yield 1;
      },
    });
    conversation.send(bytesTask(1, ''));
    expect(decodeRemoteError((await conversation.until(failure, 1)).body).name).toBe('ReplyKindError');
    expect(ran).toBe(false);
  });

  test('waits for credit', async () => {
    const yielded: number[] = [];
    const conversation = await Conversation.ready(
      {
        *default() {
          for (let n = 1; n <= 4; n++) {
            yielded.push(n);
            yield Buffer.alloc(150_000);
          }
        },
      },
      { maxFrame: 1 << 20 },
    );
    conversation.send(bytesTask(1, '', streaming));
    await settled();
    expect(yielded).toEqual([1, 2]);
    conversation.send({ type: FrameType.credit, id: 1, metadata: encodeCredit(37_857) });
    await settled();
    expect(yielded).toEqual([1, 2, 3]);
    conversation.send({ type: FrameType.credit, id: 1, metadata: encodeCredit(1_000_000) });
    await conversation.until(FrameType.end, 1);
    expect(yielded).toEqual([1, 2, 3, 4]);
  });

  test('that is cancelled runs the clean-up of its generator and fails as cancelled', async () => {
    let cleaned = 0;
    const conversation = await Conversation.ready(
      {
        *default() {
          try {
            for (;;) yield Buffer.alloc(200_000);
          } finally {
            cleaned++;
          }
        },
      },
      { maxFrame: 1 << 20 },
    );
    conversation.send(bytesTask(1, '', streaming));
    await settled();
    conversation.send({ type: cancel, id: 1 });
    const frame = await conversation.until(failure, 1);
    expect([frame.flags, decodeRemoteError(frame.body).name, cleaned]).toEqual([Flag.cancelled, 'AbortError', 1]);
  });

  test('that throws half way fails after its chunks', async () => {
    const conversation = await Conversation.ready({
      async *default() {
        yield 'a';
        throw new Error('half way');
      },
    });
    conversation.send(bytesTask(1, '', streaming));
    await conversation.until(failure, 1);
    expect(conversation.sent.map(({ type }) => type)).toEqual([FrameType.chunk, failure]);
  });

  test('with an item that cannot be sent ends its generator and fails', async () => {
    let cleaned = false;
    const conversation = await Conversation.ready({
      *default() {
        try {
          yield 1;
        } finally {
          cleaned = true;
        }
      },
    });
    conversation.send(bytesTask(1, '', streaming));
    const frame = await conversation.until(failure, 1);
    expect([decodeRemoteError(frame.body).name, cleaned]).toEqual(['ReplyKindError', true]);
  });

  test('keeps the next task waiting', async () => {
    const conversation = await Conversation.ready({
      async *default() {
        yield 'a';
      },
      sync: () => 'b',
    });
    conversation.send(bytesTask(1, '', streaming), bytesTask(2, '', { handler: 'sync' }));
    await conversation.until(result, 2);
    expect(conversation.story).toEqual(['chunk 1 a', 'end 1', 'result 2 b']);
  });

  test('that is cancelled before its generator is there does not run it', async () => {
    let ran = false;
    const { handlers, release } = gated();
    const conversation = await Conversation.ready({
      async default(input, task) {
        await handlers.default(input, task);
        return (function* () {
          ran = true;
          yield 'a';
        })();
      },
    });
    conversation.send(bytesTask(1, '', streaming), { type: cancel, id: 1 });
    release(1);
    expect((await conversation.until(failure, 1)).flags).toBe(Flag.cancelled);
    expect(ran).toBe(false);
  });

  test('that begins after the end of the channel stops when its credit is used up', async () => {
    const { handlers, release } = gated();
    const conversation = await Conversation.ready(
      {
        wait: handlers.default,
        *default() {
          for (;;) yield Buffer.alloc(300_000);
        },
      },
      { maxFrame: 1 << 20 },
    );
    conversation.send(bytesTask(1, '', { handler: 'wait' }), bytesTask(2, '', streaming));
    conversation.session.end();
    release(1);
    await conversation.until(failure, 2);
    expect(conversation.sent.filter(({ type }) => type === FrameType.chunk)).toHaveLength(1);
  });
});
