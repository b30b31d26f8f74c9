import { readdirSync, readFileSync } from 'node:fs';
import { decodeRemoteError, decodeValue, FrameType } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import type { Handlers } from '../src/handler.js';
import { bytesTask, Conversation } from './support/conversation.js';
import { settled } from './support/gated.js';

const FOLDER = new URL('../../protocol/vectors/', import.meta.url);
const vector = (name: string): Buffer => readFileSync(new URL(`${name}.bin`, FOLDER));
const malformed = readdirSync(FOLDER)
  .filter((file) => /^malformed-.*\.bin$/.test(file) && file !== 'malformed-metadata.bin')
  .map((file) => file.replace('.bin', ''));

/** What a ready worker with these handlers makes of the bytes. */
async function answer(bytes: Uint8Array, handlers: Handlers): Promise<Conversation> {
  const conversation = await Conversation.ready(handlers);
  conversation.session.push(bytes);
  await settled();
  return conversation;
}

const shout = (input: Buffer): string => input.toString().toUpperCase();

describe('the bytes that a worker writes', () => {
  test('for one whole conversation, but for HELLO, are those of the vectors', async () => {
    const conversation = new Conversation({ upper: shout });
    conversation.expectKey();
    conversation.session.push(vector('conversation-parent'));
    await settled();
    const expected = vector('conversation-worker');
    expect(conversation.written).toEqual(expected.subarray(expected.length - 72)); // READY and RESULT
  });

  test.each<[string, string, Handlers]>([
    ['result', 'task', { default: shout }],
    ['pong', 'ping', {}],
    [
      'stream',
      'task-stream',
      {
        *default() {
          yield 'one';
          yield [2];
        },
      },
    ],
  ])('for %s are those of its vector', async (reply, request, handlers) => {
    expect((await answer(vector(request), handlers)).written).toEqual(vector(reply));
  });

  test('for nothing as a JSON value are those of result-null', async () => {
    const request = { type: FrameType.task, id: 2, encoding: 1, body: Buffer.from('1') };
    const conversation = await Conversation.ready({ default: () => undefined });
    conversation.send(request);
    expect(conversation.written).toEqual(vector('result-null'));
  });

  test('for bytes as a JSON value are those of attachment-at-root', async () => {
    const conversation = await Conversation.ready({ default: () => Buffer.from('raw bytes') });
    conversation.send({ type: FrameType.task, id: 24, encoding: 1, body: Buffer.from('1') });
    expect(conversation.written).toEqual(vector('attachment-at-root'));
  });

  test('for progress and logs are those of their vectors', async () => {
    const conversation = await Conversation.ready({
      async default(_input, task) {
        task.progress({ done: 3, of: 10 });
        task.log('warn', 'slow disk', { ms: 412 });
        await new Promise(() => {});
      },
    });
    conversation.send(bytesTask(5, ''));
    expect(conversation.written).toEqual(Buffer.concat([vector('progress'), vector('log').subarray(0, 96)]));
  });
});

describe('the bytes that a parent writes', () => {
  test('are understood in the smallest and the largest of tasks', async () => {
    const conversation = await answer(vector('task-empty'), { default: (input) => `${input.length} bytes` });
    expect(conversation.story).toEqual(['result 4294967295 0 bytes']);
  });

  test('tell a handler all that there is to tell', async () => {
    let told: unknown;
    const conversation = await answer(vector('task-all-fields'), {
      'größe ändern'(_input, { attempt, tenant, idempotencyKey, traceparent, tracestate, metadata, remainingMs }) {
        told = { attempt, tenant, idempotencyKey, traceparent, tracestate, metadata, remaining: remainingMs() };
      },
    });
    expect(conversation.sent.map(({ type }) => type)).toEqual([FrameType.result]);
    expect(told).toMatchObject({ attempt: 3, tenant: 'acme', idempotencyKey: 'order-2291', remaining: 30_000 });
  });

  test('may have fields of a later version', async () => {
    const conversation = await answer(vector('task-unknown-field'), { default: () => 'ok', resize: () => 'ok' });
    expect(conversation.sent.map(({ text }) => text)).toEqual(['ok']);
  });

  test('may cut an input in pieces, and say other things between them', async () => {
    const conversation = await answer(vector('task-split'), { resize: (input) => input });
    expect(conversation.story).toEqual(['pong 99', 'result 6 the first piece, the second one and last']);
  });

  test('may cut the data of init in pieces', async () => {
    const data: unknown[] = [];
    const conversation = new Conversation({}, (value) => data.push(value));
    conversation.expectKey();
    conversation.session.push(vector('welcome-split'));
    await settled();
    expect(data).toEqual([{ model: 'small', größe: [64, 48] }]);
    expect(conversation.story).toEqual(['ready 0']);
  });

  test.each(['json-values', 'attachments', 'attachment-paths', 'attachments-none'])(
    'of %s come back as the same values',
    async (name) => {
      const inputs: unknown[] = [];
      const conversation = await answer(vector(name), {
        default(input) {
          inputs.push(input);
          return input;
        },
      });
      expect(inputs.length).toBeGreaterThan(0);
      // As text, because JavaScript writes -0 as 0.
      const outputs = conversation.sent.map(({ encoding, body }) => decodeValue(encoding, body));
      expect(JSON.stringify(outputs)).toBe(JSON.stringify(inputs));
    },
  );

  test.each(malformed)('of %s fail their task, and only that', async (name) => {
    let ran = false;
    const conversation = await answer(vector(name), {
      default() {
        ran = true;
      },
    });
    expect(conversation.sent.map(({ type }) => type)).toEqual([FrameType.failure]);
    expect(decodeRemoteError(conversation.sent[0]?.body ?? new Uint8Array()).name).toBe('FrameError');
    expect([ran, conversation.damage]).toEqual([false, []]);
  });

  test('with malformed metadata are damage', async () => {
    const conversation = await answer(vector('malformed-metadata'), { default: () => 'ok' });
    expect(conversation.damage.length).toBeGreaterThan(0);
    expect(conversation.story).toEqual([]);
  });
});
