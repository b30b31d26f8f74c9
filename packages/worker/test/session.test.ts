import { readFileSync } from 'node:fs';
import { decodeHello, decodeRemoteError, Flag, FrameType, frameBytes } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { bytesTask, Conversation } from './support/conversation.js';
import { gated, settled } from './support/gated.js';

const { failure, result, ping, pong, ready } = FrameType;

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

describe('the handshake', () => {
  test('HELLO names protocol, SDK, pid, capabilities and handlers', () => {
    const conversation = new Conversation({ default: () => '', other: () => '' });
    conversation.session.greet();
    const hello = decodeHello(conversation.sent[0]?.body ?? new Uint8Array());
    expect(hello).toMatchObject({
      protocol: { min: 1, max: 1 },
      sdk: { name: 'ostler-node', version: manifest.version },
      runtime: { name: 'node', version: process.versions.node },
      pid: process.pid,
      capabilities: ['cancel', 'stream', 'progress', 'log', 'recall', 'concurrency'],
      handlers: [{ name: 'default' }, { name: 'other' }],
    });
  });

  test('READY is sent when init has resolved, and init gets the data, the slot and the worker id', async () => {
    const calls: unknown[] = [];
    let finish = () => {};
    const conversation = new Conversation({}, (data, info) => {
      calls.push([data, info]);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    conversation.welcome({}, { model: 'small' });
    expect(calls).toEqual([[{ model: 'small' }, { slot: 2, workerId: 7 }]]);
    expect(conversation.story).toEqual([]);
    finish();
    await conversation.until(ready, 0);
    expect(conversation.story).toEqual(['ready 0']);
  });

  test('without initData, init gets undefined', () => {
    const calls: unknown[] = [];
    const conversation = new Conversation({}, (data) => calls.push(data));
    conversation.welcome();
    expect(calls).toEqual([undefined]);
  });

  test('an init that throws gives FAILURE 0 and no READY', async () => {
    const problem = new Error('no model');
    const conversation = new Conversation({}, () => {
      throw problem;
    });
    conversation.welcome();
    const frame = await conversation.until(failure, 0);
    expect(decodeRemoteError(frame.body)).toMatchObject({ name: 'Error', message: 'no model' });
    expect(conversation.startFailures).toEqual([problem]);
    expect(conversation.story).toHaveLength(1);
  });

  test('a pool of another protocol version is refused, and both sides are named', async () => {
    const conversation = new Conversation({});
    conversation.welcome({ version: 9 });
    const frame = await conversation.until(failure, 0);
    expect(frame.text).toContain('The pool speaks protocol 9, @ostler/worker speaks protocol 1');
  });

  test('anything before WELCOME is damage', () => {
    const conversation = new Conversation({});
    conversation.session.push(frameBytes({ type: ping, id: 0, key: 0 }));
    expect(conversation.damage).toEqual([expect.stringContaining('expected WELCOME')]);
  });

  test('a task that comes before READY waits for it', async () => {
    let finish = () => {};
    const conversation = new Conversation(
      { default: () => 'done' },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    conversation.welcome();
    conversation.send(bytesTask(1, ''));
    expect(conversation.story).toEqual([]);
    finish();
    await conversation.until(result, 1);
    expect(conversation.story).toEqual(['ready 0', 'result 1 done']);
  });
});

describe('the end of the channel', () => {
  test('is reported at once where nothing runs', async () => {
    const conversation = await Conversation.ready({});
    conversation.session.end();
    expect(conversation.drained).toEqual([true]);
  });

  test('waits for the tasks that are here', async () => {
    const { handlers, release } = gated();
    const conversation = await Conversation.ready(handlers);
    conversation.send(bytesTask(1, ''), bytesTask(2, '', { handler: 'sync' }));
    conversation.session.end();
    expect(conversation.drained).toEqual([]);
    release(1);
    await conversation.until(result, 2);
    await settled();
    expect(conversation.drained).toEqual([true]);
  });

  test('stops a stream that has no credit left', async () => {
    const conversation = await Conversation.ready(
      {
        *default() {
          for (;;) yield Buffer.alloc(300_000);
        },
      },
      { maxFrame: 1 << 20 },
    );
    conversation.send(bytesTask(1, '', { flags: Flag.stream }));
    await settled();
    conversation.session.end();
    await conversation.until(failure, 1);
    await settled();
    expect(conversation.drained).toEqual([true]);
  });

  test('before READY leaves without waiting for init', () => {
    const conversation = new Conversation({}, () => new Promise(() => {}));
    conversation.welcome();
    conversation.session.end();
    expect(conversation.drained).toEqual([false]);
  });

  test('in the middle of a frame is damage', async () => {
    const conversation = await Conversation.ready({});
    conversation.session.push(new Uint8Array([0xf8, 0x4f, 0x53, 0x54, 16]));
    conversation.session.end();
    expect(conversation.damage).toHaveLength(1);
  });
});

test('a PING is answered with its number', async () => {
  const conversation = await Conversation.ready({});
  conversation.send({ type: ping, id: 77 });
  expect(conversation.sent.map(({ type, id }) => [type, id])).toEqual([[pong, 77]]);
});

test('frames of unknown types are skipped', async () => {
  const conversation = await Conversation.ready({ default: () => 'x' });
  conversation.send({ type: 200, id: 1, body: Buffer.from('?') }, { type: FrameType.inspect, id: 0 }, bytesTask(1, ''));
  expect(conversation.story).toEqual(['result 1 x']);
});

test('bytes that are no frame are damage', async () => {
  const conversation = await Conversation.ready({});
  conversation.session.push(Buffer.from('GET / HTTP/1.1\r\n\r\n and more bytes than a header has'));
  conversation.session.end();
  expect(conversation.damage.length).toBeGreaterThan(0);
});
