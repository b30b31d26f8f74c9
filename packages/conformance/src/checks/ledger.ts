import type { Check } from '../check.js';
import { bytesTask, valueTask } from '../messages.js';
import { isTerminal } from '../received-frame.js';
import { expectBytes, expectEqual, expectThat } from '../violation.js';
import { publishedIds } from './blame.js';

const needs = ['ledger'];
const transports = ['ledger'] as const;

/** The memory that outlives a kill -9. */
export const ledgerChecks: readonly Check[] = [
  {
    name: 'ledger-started',
    rule: '`started` is the id of the task that began last',
    needs,
    transports,
    async run(stage) {
      const parent = await stage.start();
      for (const id of [70, 0xfffffff0]) {
        const place = stage.rendezvous(parent);
        parent.send(bytesTask(id - 1, 'before'), valueTask(id, place.path, { handler: 'hold' }));
        await stage.meet(parent, place);
        const state = await parent.until('a ledger with its magic', () => parent.ledger?.read(parent.key));
        expectEqual('started', state.started, id);
        await place.release();
        await parent.result(id);
      }
      return undefined;
    },
  },
  {
    name: 'ledger-after-sigkill',
    rule: 'After kill -9 every reply that was finished is on the wire or in the ledger, byte for byte',
    needs,
    transports,
    async run(stage) {
      const parent = await stage.start();
      const ids = Array.from({ length: 30 }, (_, index) => index + 1);
      const fatal = valueTask(31, { kill: true }, { handler: 'exit' });
      parent.send(...ids.map((id) => bytesTask(id, `body ${id}`)), fatal, bytesTask(32, 'never begins'));
      await parent.gone();
      const state = parent.ledger?.readFinal(parent.key);
      expectEqual('started', state?.started, 31);
      const held = state?.frames ?? [];
      const replies = new Map([...parent.wire.messages, ...held].filter(isTerminal).map((frame) => [frame.id, frame]));
      expectEqual('ids of replies', [...replies.keys()], ids);
      const body = (id: number) => replies.get(id)?.body ?? new Uint8Array();
      for (const id of ids) expectBytes(`reply ${id}`, body(id), new TextEncoder().encode(`body ${id}`));
      return `${held.length} of 30 only in the ledger or in both`;
    },
  },
  {
    name: 'ledger-killed-from-outside',
    rule: 'The same when the kill comes from outside while a task runs',
    needs,
    transports,
    async run(stage) {
      const parent = await stage.start();
      const place = stage.rendezvous(parent);
      parent.send(bytesTask(1, 'one'), bytesTask(2, 'two'), valueTask(3, place.path, { handler: 'hold' }));
      await stage.meet(parent, place);
      parent.kill();
      await parent.gone();
      expectEqual('ids of published replies', publishedIds(parent), [1, 2]);
      expectEqual('started', parent.ledger?.readFinal(parent.key).started, 3);
      return undefined;
    },
  },
  {
    name: 'ledger-flushed',
    rule: 'When the worker is idle again nothing is held back: `encoded` is 0, and `generation` never goes down',
    needs,
    transports,
    async run(stage) {
      const parent = await stage.start();
      let generation = 0;
      for (let round = 0; round < 5; round += 1) {
        const ids = Array.from({ length: 50 }, (_, index) => round * 50 + index + 1);
        parent.send(...ids.map((id) => bytesTask(id, `body ${id}`)));
        await parent.settled(round * 50 + 50);
        await parent.ping(round);
        const state = parent.ledger?.readFinal(parent.key);
        expectEqual('encoded', state?.encoded, 0);
        expectThat((state?.generation ?? -1) >= generation, `generation of at least ${generation}`, state?.generation);
        generation = state?.generation ?? 0;
      }
      return `${generation} flushes for 250 tasks`;
    },
  },
  {
    name: 'ledger-always-readable',
    rule: 'Whenever the parent looks, the encoded part is complete frames of tasks in flight',
    needs,
    transports,
    async run(stage) {
      const parent = await stage.start();
      const last = 3_000;
      let looks = 0;
      parent.send(...Array.from({ length: last }, (_, index) => bytesTask(index + 1, 'x'.repeat(index % 300))));
      await parent.until('all replies', () => {
        const state = parent.ledger?.read(parent.key);
        looks += state === undefined ? 0 : 1;
        const bad = state?.frames.find((frame) => !isTerminal(frame) || frame.body.length !== (frame.id - 1) % 300);
        expectThat(bad === undefined, 'the replies of tasks in the ledger', `id ${bad?.id}, ${bad?.body.length} bytes`);
        return parent.about(last)[0];
      });
      expectThat(looks > 0, 'a look at the ledger that succeeds', 'none');
      return undefined;
    },
  },
  {
    name: 'ledger-too-small',
    rule: 'Replies that do not fit are flushed or written directly, in their order',
    needs,
    transports,
    async run(stage) {
      const parent = await stage.start({ ledgerBytes: 1_024 });
      const sizes = [10, 400, 400, 400, 5_000, 10, 928, 936, 10];
      parent.send(...sizes.map((size, index) => bytesTask(index + 1, 'x'.repeat(size))));
      await parent.settled(sizes.length);
      const replies = parent.wire.messages.filter(isTerminal);
      const expected = sizes.map((size, index) => [index + 1, size]);
      expectEqual(
        'ids and sizes',
        replies.map(({ id, body }) => [id, body.length]),
        expected,
      );
      return undefined;
    },
  },
];
