import { Encoding, Flag, FrameType, frameBytes } from '@ostler/protocol';
import type { Check } from '../check.js';
import { bytesTask, type Outgoing, valueTask } from '../messages.js';
import { expectBytes, expectEqual, expectThat } from '../violation.js';

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1.5,
  1e21,
  9007199254740991,
  '',
  'Grüße, 世界 🐎 \u0000 "\\/',
  [],
  {},
  [[[]], [{}]],
  { '': 1, 'a/b~c': [null], ä: { ö: 'ü' } },
];

/** What a reply looks like: its encoding, values, attachments. */
export const replyChecks: readonly Check[] = [
  {
    name: 'reply-encoding',
    rule: "The request's encoding decides the reply's: a string is UTF-8 for bytes, a JSON string for JSON",
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, 'größe', { handler: 'upper' }), valueTask(2, 'größe', { handler: 'upper' }));
      const [bytes, json] = [await parent.result(1), await parent.result(2)];
      expectEqual('encodings', [bytes.encoding, json.encoding], [Encoding.bytes, Encoding.json]);
      expectBytes('reply to bytes', bytes.body, new TextEncoder().encode('GRÖSSE'));
      expectEqual('reply to JSON', await parent.value(2), 'GRÖSSE');
      return undefined;
    },
  },
  {
    name: 'any-bytes',
    rule: 'A body of bytes is left as it is, whatever it contains, also frames',
    async run(stage) {
      const parent = await stage.start();
      const all = Uint8Array.from({ length: 1_021 }, (_, index) => index & 255);
      const frame = frameBytes({ type: FrameType.task, id: 1, key: parent.key, body: all });
      parent.send(bytesTask(1, all), bytesTask(2, frame), bytesTask(3, ''));
      expectBytes('reply', (await parent.result(1)).body, all);
      expectBytes('reply', (await parent.result(2)).body, frame);
      expectBytes('reply to nothing', (await parent.result(3)).body, new Uint8Array());
      return undefined;
    },
  },
  {
    name: 'json-values',
    rule: 'A JSON value that goes through the worker is the same value',
    async run(stage) {
      const parent = await stage.start();
      parent.send(...VALUES.map((value, index) => valueTask(index + 1, value)));
      for (const [index, value] of VALUES.entries()) expectEqual('value', await parent.value(index + 1), value);
      return undefined;
    },
  },
  {
    name: 'json-handler',
    rule: 'A handler gets the value and gives one back',
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, { a: 2, b: 3 }, { handler: 'sum' }), valueTask(2, null, { handler: 'nothing' }));
      expectEqual('sum', await parent.value(1), { sum: 5 });
      expectEqual('the reply of a handler that returns nothing', await parent.value(2), null);
      return undefined;
    },
  },
  {
    name: 'json-is-honest',
    rule: 'A result that JSON would change (NaN) is a FAILURE that names its path, /list/1',
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'not-json' }), bytesTask(2, 'alive'));
      const { message, data } = await parent.failure(1);
      expectThat(`${message} ${data?.path}`.includes('/list/1'), 'the path /list/1 in the error', message);
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'json-for-bytes',
    rule: 'A JSON object as the result of a task of bytes is a FAILURE ReplyKindError; the worker lives on',
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, '', { handler: 'info' }), bytesTask(2, 'alive'));
      expectEqual('name', (await parent.failure(1)).name, 'ReplyKindError');
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'attachments',
    rule: 'Bytes inside of a value travel beside the JSON (encoding 2), both ways, at any path',
    async run(stage) {
      const parent = await stage.start();
      const data = Uint8Array.of(0, 1, 254, 255);
      const value = { 'a/b~c': data, list: [1, new Uint8Array(), { ä: data }], none: null };
      parent.send(valueTask(1, value), valueTask(2, data), valueTask(3, { data }, { handler: 'attach' }));
      expectEqual('encoding', (await parent.result(1)).encoding, Encoding.attachments);
      expectEqual('echo of nested bytes', await parent.value(1), value);
      expectEqual('echo of bytes as the whole value', await parent.value(2), data);
      expectEqual('attach', await parent.value(3), { length: 4, reversed: Uint8Array.of(255, 254, 1, 0) });
      return undefined;
    },
  },
  {
    name: 'attachments-gone',
    rule: 'A value without bytes is plain JSON (encoding 1) even if the request had attachments',
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, { a: 1, b: 2, data: Uint8Array.of(1) }, { handler: 'sum' }));
      expectEqual('encoding', (await parent.result(1)).encoding, Encoding.json);
      expectEqual('value', await parent.value(1), { sum: 3 });
      return undefined;
    },
  },
  {
    name: 'bad-value',
    rule: 'A body that is not what its encoding says fails its task only',
    async run(stage) {
      const parent = await stage.start();
      const bodies: [number, Uint8Array][] = [
        [Encoding.json, new TextEncoder().encode('{"open":')],
        [Encoding.json, Uint8Array.of(0x22, 0xff, 0x22)],
        [Encoding.attachments, Uint8Array.of(1, 0, 0, 0)],
        [Encoding.attachments, Uint8Array.of(4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 110, 117, 108, 108)],
      ];
      const tasks = bodies.map(
        ([encoding, body], index): Outgoing => ({
          type: FrameType.task,
          id: index + 1,
          encoding,
          body,
        }),
      );
      parent.send(...tasks, bytesTask(9, 'alive'));
      for (const { id } of tasks) expectEqual('flags', (await parent.failure(id)).flags & Flag.cancelled, 0);
      await parent.result(9);
      return undefined;
    },
  },
];
