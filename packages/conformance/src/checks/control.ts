import { FrameType } from '@ostler/protocol';
import type { Check } from '../check.js';
import { expectFate } from '../fate.js';
import { askBack, bytesTask, control, valueTask } from '../messages.js';
import { isTerminal } from '../received-frame.js';
import { expectEqual, expectThat } from '../violation.js';

/** PING and CANCEL, and frames that nobody knows yet. */
export const controlChecks: readonly Check[] = [
  {
    name: 'ping',
    rule: 'An idle worker answers each PING with a PONG of the same number',
    async run(stage) {
      const parent = await stage.start();
      for (const number of [0, 1, 0xffffffff]) await parent.ping(number);
      return undefined;
    },
  },
  {
    name: 'ping-busy',
    rule: 'With "recall", PING is answered while an async handler runs',
    needs: ['recall', 'cancel', 'progress'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'wait' }));
      await parent.message(FrameType.progress, 1);
      await parent.ping(5);
      expectEqual('terminal frames of the waiting task', parent.about(1).filter(isTerminal).length, 0);
      return undefined;
    },
  },
  {
    name: 'cancel-running',
    rule: 'CANCEL reaches an async handler that runs: one FAILURE+CANCELLED, and the next task begins',
    needs: ['cancel', 'progress'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'wait' }), bytesTask(2, 'next'));
      await parent.message(FrameType.progress, 1);
      parent.send(control(FrameType.cancel, 1));
      expectFate(await parent.failure(1), 'cancelled');
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'cancel-running-sync',
    rule: 'CANCEL reaches a handler that blocks and looks at the cancel flag',
    needs: ['cancel', 'progress'],
    handler: 'wait-sync-cooperative',
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'wait-sync-cooperative' }), bytesTask(2, 'next'));
      await parent.message(FrameType.progress, 1);
      parent.send(control(FrameType.cancel, 1));
      expectFate(await parent.failure(1), 'cancelled');
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'recall',
    rule: 'With "recall", CANCEL of a task behind an async one: FAILURE+CANCELLED+NOT_STARTED at once; others go on',
    needs: ['recall', 'cancel', 'progress'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'wait' }), bytesTask(2, 'recalled'), bytesTask(3, 'goes on'));
      await parent.message(FrameType.progress, 1);
      parent.send(control(FrameType.cancel, 2));
      expectFate(await parent.failure(2), 'unbegun');
      expectEqual('terminal frames of the waiting task', parent.about(1).filter(isTerminal).length, 0);
      parent.send(control(FrameType.cancel, 1));
      await parent.failure(1);
      await parent.result(3);
      return undefined;
    },
  },
  {
    name: 'recall-begun',
    rule: 'With "recall", CANCEL+NOT_STARTED gives a waiting task back, and leaves one alone that runs',
    needs: ['recall', 'cancel', 'progress'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'wait' }), bytesTask(2, 'asked back'));
      await parent.message(FrameType.progress, 1);
      parent.send(askBack(1), askBack(2));
      expectFate(await parent.failure(2), 'unbegun');
      await parent.ping(5);
      expectEqual('terminal frames of the running task', parent.about(1).filter(isTerminal).length, 0);
      parent.send(control(FrameType.cancel, 1));
      expectFate(await parent.failure(1), 'cancelled');
      return undefined;
    },
  },
  {
    name: 'recall-blocking',
    rule: 'A worker that reads while a handler blocks answers PING and gives waiting tasks back at once then, too',
    needs: ['recall', 'cancel'],
    handler: 'wait-sync-cooperative',
    async run(stage) {
      const parent = await stage.start();
      const place = stage.rendezvous(parent);
      parent.send(valueTask(1, place.path, { handler: 'hold' }), bytesTask(2, 'recalled'), bytesTask(3, 'goes on'));
      await stage.meet(parent, place);
      await parent.ping(5);
      parent.send(control(FrameType.cancel, 2));
      expectFate(await parent.failure(2), 'unbegun');
      expectEqual('frames of the blocking task', parent.about(1).length, 0);
      await place.release();
      await parent.result(3);
      return undefined;
    },
  },
  {
    name: 'cancel-waiting',
    rule: 'CANCEL of a task behind a blocking one: FAILURE+CANCELLED+NOT_STARTED, or too late and ignored; never both',
    needs: ['cancel'],
    async run(stage) {
      const parent = await stage.start();
      const place = stage.rendezvous(parent);
      parent.send(valueTask(1, place.path, { handler: 'hold' }), bytesTask(2, 'cancelled'), bytesTask(3, 'goes on'));
      await stage.meet(parent, place);
      parent.send(control(FrameType.cancel, 2));
      await place.release();
      await parent.result(1);
      await parent.result(3);
      const waiting = await parent.settled(2);
      await parent.ping(1);
      expectEqual('terminal frames of task 2', parent.about(2).filter(isTerminal).length, 1);
      if (waiting.type === FrameType.result) return 'ran before CANCEL was read';
      expectFate(waiting, 'unbegun');
      return 'was not begun';
    },
  },
  {
    name: 'cancel-late',
    rule: 'CANCEL for a task that is settled or was never sent changes nothing',
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, 'done'));
      await parent.result(1);
      parent.send(control(FrameType.cancel, 1), control(FrameType.cancel, 4_000_000_000));
      await parent.ping(1);
      expectEqual('frames', parent.wire.frames.length, 4); // HELLO, READY, RESULT, PONG
      parent.send(bytesTask(1, 'again'));
      expectEqual('type of the second reply', (await parent.settled(1, 2)).type, FrameType.result);
      return undefined;
    },
  },
  {
    name: 'late-credit',
    rule: 'CREDIT for a task that is settled changes nothing',
    async run(stage) {
      const parent = await stage.start();
      parent.send(
        { type: FrameType.credit, id: 7, metadata: Uint8Array.of(48, 0, 4, 0, 0, 0, 1, 0) },
        bytesTask(1, 'alive'),
      );
      await parent.result(1);
      return undefined;
    },
  },
  {
    name: 'unknown-type',
    rule: 'Frames of an unknown or reserved type are skipped',
    async run(stage) {
      const parent = await stage.start();
      const body = new TextEncoder().encode('{"later":true}');
      const types = [4, 39, 200, 255, FrameType.answer];
      parent.send(...types.map((type) => ({ type, id: 1, encoding: 1, body })), bytesTask(1, 'alive'));
      await parent.result(1);
      expectThat(
        parent.wire.frames.length === 3,
        'HELLO, READY and RESULT only',
        `${parent.wire.frames.length} frames`,
      );
      return undefined;
    },
  },
  {
    name: 'concurrency',
    rule: 'With "concurrency" and WELCOME saying 2, two async tasks run at once and settle in any order',
    needs: ['concurrency', 'cancel', 'progress'],
    async run(stage) {
      const parent = await stage.start({ concurrency: 2 });
      parent.send(...[1, 2].map((id) => valueTask(id, null, { handler: 'wait' })));
      await parent.message(FrameType.progress, 1);
      await parent.message(FrameType.progress, 2);
      await parent.ping(9);
      expectEqual('terminal frames while both run', parent.wire.messages.filter(isTerminal).length, 0);
      for (const id of [2, 1]) {
        parent.send(control(FrameType.cancel, id));
        expectFate(await parent.failure(id), 'cancelled');
      }
      return undefined;
    },
  },
];
