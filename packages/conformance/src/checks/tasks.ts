import { setImmediate } from 'node:timers/promises';
import type { Check } from '../check.js';
import { bytesTask, valueTask } from '../messages.js';
import { isTerminal } from '../received-frame.js';
import { expectEqual, expectThat } from '../violation.js';

/** Tasks in, replies out: bytes, order, ids, metadata. */
export const taskChecks: readonly Check[] = [
  {
    name: 'default-handler',
    rule: 'A TASK that names no handler reaches the one named "default"',
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, 'as it is'));
      expectEqual('reply', text(await parent.result(1)), 'as it is');
      return undefined;
    },
  },
  {
    name: 'any-chunking',
    rule: 'However the bytes of tasks are cut into writes, the tasks are the same',
    async run(stage) {
      const parent = await stage.start();
      for (const [round, size] of [1, 7, 31, 33].entries()) {
        const bodies = ['', 'abc', 'x'.repeat(100)];
        const bytes = parent.encode(...bodies.map((body, index) => bytesTask(10 * round + index + 1, body)));
        for (let at = 0; at < bytes.length; at += size) {
          parent.write(bytes.subarray(at, at + size));
          await setImmediate(); // lets the write happen by itself
        }
        for (const [index, body] of bodies.entries()) {
          const reply = text(await parent.result(10 * round + index + 1));
          expectEqual(`reply after writes of ${size} bytes`, reply, body);
        }
      }
      return undefined;
    },
  },
  {
    name: 'order',
    rule: 'Several tasks in one write are answered one by one, in their order',
    async run(stage) {
      const parent = await stage.start();
      const ids = Array.from({ length: 500 }, (_, index) => index + 1);
      parent.send(...ids.map((id) => bytesTask(id, `body ${id}`)));
      await parent.settled(500);
      const replies = parent.wire.messages.filter(isTerminal);
      expectEqual(
        'ids in the order of replies',
        replies.map(({ id }) => id),
        ids,
      );
      const wrong = replies.find((reply) => text(reply) !== `body ${reply.id}`);
      expectThat(wrong === undefined, `the body of task ${wrong?.id}`, wrong ? text(wrong) : '');
      return undefined;
    },
  },
  {
    name: 'ids',
    rule: 'Any 32-bit number but 0 is an id, and the reply has it',
    async run(stage) {
      const parent = await stage.start();
      for (const id of [1, 0x7fffffff, 0x80000000, 0xffffffff, 0x54534ff8]) {
        parent.send(bytesTask(id, 'id'));
        expectEqual(`reply to ${id}`, text(await parent.result(id)), 'id');
      }
      return undefined;
    },
  },
  {
    name: 'id-again',
    rule: 'An id is free again after its terminal frame',
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(9, 'first'));
      await parent.settled(9);
      parent.send(bytesTask(9, 'second'));
      expectEqual('second reply', text(await parent.settled(9, 2)), 'second');
      return undefined;
    },
  },
  {
    name: 'metadata',
    rule: "The handler sees the task's handler, attempt, tenant, metadata, idempotency key and remaining time",
    async run(stage) {
      const parent = await stage.start();
      const fields = { attempt: 3, tenant: 'Zürich', idempotencyKey: 'key-1', metadata: { a: 'ä', b: '' } };
      const trace = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: 'a=b' };
      parent.send(valueTask(7, null, { handler: 'info', remainingMs: 3_600_000, ...fields, ...trace }));
      const { remainingMs, ...info } = (await parent.value(7)) as { remainingMs: number };
      const expected = { id: 7, handler: 'info', slot: 3, workerId: 41, initData: null, ...fields };
      expectEqual('info', info, expected);
      expectThat(remainingMs > 0 && remainingMs <= 3_600_000, 'remainingMs in (0, 3600000]', remainingMs);
      return undefined;
    },
  },
  {
    name: 'metadata-defaults',
    rule: 'Absent metadata mean: attempt 1, no tenant, no idempotency key, no metadata, no time limit',
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'info' }));
      const expected = { attempt: 1, tenant: '', idempotencyKey: null, metadata: {}, remainingMs: null };
      const info = (await parent.value(1)) as Record<string, unknown>;
      expectEqual('info', Object.fromEntries(Object.keys(expected).map((key) => [key, info[key]])), expected);
      return undefined;
    },
  },
  {
    name: 'unknown-metadata',
    rule: 'A metadata field with an unknown tag is skipped',
    async run(stage) {
      const parent = await stage.start();
      const task = valueTask(1, 'text', { handler: 'upper' });
      const unknown = Uint8Array.of(200, 0, 3, 0, 1, 2, 3);
      parent.send({ ...task, metadata: Buffer.concat([unknown, task.metadata ?? new Uint8Array()]) });
      expectEqual('reply', await parent.value(1), 'TEXT');
      return undefined;
    },
  },
];

function text({ body }: { readonly body: Uint8Array }): string {
  return new TextDecoder().decode(body);
}
