import { decodeRemoteError, Flag, FrameType } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { bytesTask, Conversation } from './support/conversation.js';
import { gated } from './support/gated.js';

const { failure, result, cancel } = FrameType;

describe('several tasks', () => {
  test('run in order, and each reply is out before the next one begins', async () => {
    const seen: string[] = [];
    const conversation = await Conversation.ready({
      default(input, { id }) {
        seen.push(`${id} begins after ${conversation.sent.length}`);
        return input;
      },
    });
    conversation.send(bytesTask(1, 'a'), bytesTask(2, 'b'), bytesTask(3, 'c'));
    expect(seen).toEqual(['1 begins after 0', '2 begins after 1', '3 begins after 2']);
  });

  test('wait while an async handler runs', async () => {
    const { handlers, release, begun } = gated();
    const conversation = await Conversation.ready(handlers);
    conversation.send(bytesTask(1, ''), bytesTask(2, ''), bytesTask(3, '', { handler: 'sync' }));
    expect(begun).toEqual([1]);
    release(1);
    await conversation.until(result, 1);
    expect(begun).toEqual([1, 2]);
    release(2);
    await conversation.until(result, 3);
    expect(conversation.story).toEqual(['result 1', 'result 2', 'result 3']);
  });

  test('run together up to the concurrency of WELCOME', async () => {
    const { handlers, release, begun } = gated();
    const conversation = await Conversation.ready(handlers, { concurrency: 2 });
    conversation.send(bytesTask(1, ''), bytesTask(2, ''), bytesTask(3, ''));
    expect(begun).toEqual([1, 2]);
    release(2);
    await conversation.until(result, 2);
    expect(begun).toEqual([1, 2, 3]);
    release(3);
    release(1);
    await conversation.until(result, 1);
    expect(conversation.story).toEqual(['result 2', 'result 3', 'result 1']);
  });

  test('of sync handlers that take long leave turns to the event loop', async () => {
    const conversation = await Conversation.ready({
      default() {
        conversation.now += 6;
      },
    });
    conversation.send(...[1, 2, 3, 4, 5].map((id) => bytesTask(id, '')));
    expect(conversation.story).toEqual(['result 1', 'result 2']);
    conversation.send({ type: cancel, id: 4 });
    conversation.turn();
    expect(conversation.story.slice(2)).toEqual([expect.stringContaining('failure 4'), 'result 3', 'result 5']);
    expect(conversation.hasDeferred).toBe(false);
  });
});

describe('CANCEL', () => {
  test('of a waiting task gives it back at once, not started', async () => {
    const { handlers, release, begun } = gated();
    const conversation = await Conversation.ready(handlers);
    conversation.send(bytesTask(1, ''), bytesTask(2, ''), { type: cancel, id: 2 });
    const frame = await conversation.until(failure, 2);
    expect(frame.flags).toBe(Flag.cancelled | Flag.notStarted);
    expect(decodeRemoteError(frame.body).name).toBe('AbortError');
    release(1);
    await conversation.until(result, 1);
    expect(begun).toEqual([1]);
  });

  test('of a running task aborts its signal, and its error says that it was cancelled', async () => {
    const conversation = await Conversation.ready({
      default: (_input, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    conversation.send(bytesTask(1, ''), { type: cancel, id: 1 });
    const frame = await conversation.until(failure, 1);
    expect(frame.flags).toBe(Flag.cancelled);
    expect(decodeRemoteError(frame.body)).toMatchObject({ name: 'AbortError', message: 'The caller gave up task 1' });
  });

  test('with NOT_STARTED of a running task lets it go on, untold', async () => {
    const { handlers, release } = gated();
    const conversation = await Conversation.ready({
      default: async (input, task) => {
        await handlers.default?.(input, task);
        return String(task.signal.aborted);
      },
    });
    const recall = (id: number) => ({ type: cancel, flags: Flag.notStarted, id });
    conversation.send(bytesTask(1, ''), bytesTask(2, ''), recall(1), recall(2));
    expect((await conversation.until(failure, 2)).flags).toBe(Flag.cancelled | Flag.notStarted);
    release(1);
    expect((await conversation.until(result, 1)).text).toBe('false');
  });

  test('is seen by a handler that looks at its signal only later', async () => {
    const { handlers, release } = gated();
    const conversation = await Conversation.ready({
      default: async (input, task) => {
        await handlers.default?.(input, task);
        return String(task.signal.aborted);
      },
    });
    conversation.send(bytesTask(1, ''), { type: cancel, id: 1 });
    release(1);
    expect((await conversation.until(result, 1)).text).toBe('true');
  });

  test('of a task that ends well all the same gives its result, once', async () => {
    const { handlers, release } = gated();
    const conversation = await Conversation.ready(handlers);
    conversation.send(bytesTask(1, ''), { type: cancel, id: 1 }, { type: cancel, id: 1 });
    release(1);
    await conversation.until(result, 1);
    expect(conversation.story).toEqual(['result 1']);
  });

  test('of a task whose body is still coming in pieces gives it back, not started', async () => {
    let ran = false;
    const conversation = await Conversation.ready({
      default() {
        ran = true;
      },
    });
    const total = Buffer.from([9, 0, 4, 0, 4, 0, 0, 0]);
    conversation.send({ type: FrameType.task, id: 1, flags: Flag.more, metadata: total, body: Buffer.from('ab') });
    conversation.send({ type: cancel, id: 1 }, { type: FrameType.body, id: 1, body: Buffer.from('cd') });
    expect((await conversation.until(failure, 1)).flags).toBe(Flag.cancelled | Flag.notStarted);
    expect(ran).toBe(false);
  });

  test('of a task that is done or unknown is ignored', async () => {
    const conversation = await Conversation.ready({ default: () => 'x' });
    conversation.send(bytesTask(1, ''), { type: cancel, id: 1 }, { type: cancel, id: 99 });
    expect(conversation.story).toEqual(['result 1 x']);
  });
});
