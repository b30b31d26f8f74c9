import { decodeRemoteError, decodeValue, Encoding, Flag, FrameType, frameBytes } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { bytesTask, Conversation, KEY, valueTask } from './support/conversation.js';

const { failure, result } = FrameType;

describe('a task', () => {
  test('of run() gets bytes and gives bytes, whatever kind the handler returns', async () => {
    const replies: Record<string, unknown> = {
      string: 'grüße',
      buffer: Buffer.from('buffer'),
      array: new Uint8Array([65]),
      memory: new Uint8Array([66, 67]).buffer,
      nothing: undefined,
    };
    const conversation = await Conversation.ready({ default: (input) => replies[input.toString()] });
    for (const [index, name] of Object.keys(replies).entries()) conversation.send(bytesTask(index, name));
    expect(conversation.sent.map(({ text }) => text)).toEqual(['grüße', 'buffer', 'A', 'BC', '']);
    expect(conversation.sent.every(({ encoding }) => encoding === Encoding.bytes)).toBe(true);
  });

  test('of call() gets a value and gives a value; a string is a JSON string, undefined is null', async () => {
    const conversation = await Conversation.ready({
      upper: ({ name }) => name.toUpperCase(),
      nothing: () => undefined,
      list: async (input) => [input, 1],
    });
    conversation.send(valueTask(1, { name: 'ann' }, { handler: 'upper' }), valueTask(2, 0, { handler: 'nothing' }));
    conversation.send(valueTask(3, 'x', { handler: 'list' }));
    await conversation.until(result, 3);
    expect(conversation.story).toEqual(['result 1 "ANN"', 'result 2 null', 'result 3 ["x",1]']);
  });

  test('of call() takes and gives bytes within values', async () => {
    const conversation = await Conversation.ready({ default: ({ image }) => ({ size: image.length, image }) });
    conversation.send(valueTask(1, { image: new Uint8Array([1, 2, 3]) }));
    const { encoding, body } = await conversation.until(result, 1);
    expect(encoding).toBe(Encoding.attachments);
    expect(decodeValue(encoding, body)).toEqual({ size: 3, image: new Uint8Array([1, 2, 3]) });
  });

  test.each([
    [{ a: 1 }, 'an object of class Object'],
    [null, 'null'],
    [7, 'a number'],
    [new Map(), 'an object of class Map'],
    [new Float32Array(1), 'an object of class Float32Array'],
  ])('of run() whose handler gives %o fails with a ReplyKindError that says so', async (value, words) => {
    const conversation = await Conversation.ready({ default: () => value });
    conversation.send(bytesTask(1, ''));
    const error = decodeRemoteError((await conversation.until(failure, 1)).body);
    expect(error.name).toBe('ReplyKindError');
    expect(error.message).toContain(`Handler 'default' gave ${words}`);
  });

  test('of call() whose value JSON would change fails with the path of it', async () => {
    const conversation = await Conversation.ready({ default: () => ({ list: [new Date(0)] }) });
    conversation.send(valueTask(1, null));
    const error = decodeRemoteError((await conversation.until(failure, 1)).body);
    expect(error).toMatchObject({ name: 'JsonValueError', data: { path: '/list/0' } });
  });

  test('for an unknown handler fails and lists the known ones', async () => {
    const conversation = await Conversation.ready({ a: () => '', b: () => '' });
    conversation.send(bytesTask(1, '', { handler: 'c' }), bytesTask(2, ''));
    const error = decodeRemoteError((await conversation.until(failure, 1)).body);
    expect(error).toMatchObject({ name: 'HandlerNotFoundError', data: { known: ['a', 'b'] } });
    expect(error.message).toBe("There is no handler 'c'; this worker has a, b");
    expect(conversation.sent[1]?.text).toContain("There is no handler 'default'");
  });

  test('finds only own handlers, not what every object has', async () => {
    const conversation = await Conversation.ready({ a: () => '' });
    conversation.send(bytesTask(1, '', { handler: 'toString' }));
    expect((await conversation.until(failure, 1)).text).toContain('HandlerNotFoundError');
  });

  test('whose handler throws fails with the error, cause and own properties', async () => {
    const conversation = await Conversation.ready({
      default: () => {
        throw Object.assign(new RangeError('too far', { cause: new Error('a map') }), { code: 'E_FAR', miles: 3 });
      },
      later: async () => {
        throw 'a string';
      },
    });
    conversation.send(bytesTask(1, ''), bytesTask(2, '', { handler: 'later' }));
    const error = decodeRemoteError((await conversation.until(failure, 1)).body);
    expect(error).toMatchObject({
      name: 'RangeError',
      message: 'too far',
      code: 'E_FAR',
      data: { miles: 3 },
      cause: { message: 'a map' },
    });
    expect(error.stack).toContain('reply-writer.test.ts');
    expect((await conversation.until(failure, 2)).text).toContain('a string');
  });

  test('whose body is malformed JSON fails alone', async () => {
    const conversation = await Conversation.ready({ default: () => 1 });
    conversation.send({ ...bytesTask(1, '{'), encoding: Encoding.json }, valueTask(2, 0));
    expect(conversation.sent.map(({ type }) => type)).toEqual([failure, result]);
  });

  test('with a reply over the limit fails with BodyTooLargeError', async () => {
    const conversation = await Conversation.ready({ default: () => 'x'.repeat(101) }, { maxBody: 100 });
    conversation.send(bytesTask(1, ''));
    const error = decodeRemoteError((await conversation.until(failure, 1)).body);
    expect(error).toMatchObject({ name: 'BodyTooLargeError', data: { size: 101, limit: 100 } });
  });

  test('keeps its input when the bytes that it came in are overwritten', async () => {
    const inputs: Buffer[] = [];
    const conversation = await Conversation.ready({ default: (input) => void inputs.push(input) });
    const bytes = frameBytes({ ...bytesTask(1, 'input'), key: KEY });
    conversation.session.push(bytes);
    bytes.fill(0);
    expect(inputs.map(String)).toEqual(['input']);
  });

  test('and its reply may be larger than a frame', async () => {
    const body = Buffer.alloc(5000, 'abcdefg');
    const pieces = [body.subarray(0, 3000), body.subarray(3000)];
    const total = Buffer.from([9, 0, 4, 0, 0, 0, 0, 0]);
    total.writeUInt32LE(body.length, 4);
    const wide = await Conversation.ready({ default: (input) => input }, { maxFrame: 4096 });
    wide.send(
      { type: FrameType.task, id: 1, flags: Flag.more, metadata: total, body: pieces[0] as Buffer },
      { type: FrameType.body, id: 1, body: pieces[1] as Buffer },
    );
    expect(wide.sent.map(({ type, flags }) => [type, flags])).toEqual([
      [result, Flag.more],
      [FrameType.body, 0],
    ]);
    expect(Buffer.concat(wide.sent.map((frame) => frame.body)).equals(body)).toBe(true);
  });
});
