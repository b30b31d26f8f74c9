import { FrameType } from '@ostler/protocol';
import type { Check } from '../check.js';
import { bytesTask, valueTask } from '../messages.js';
import { killItsParent } from '../orphan.js';
import { isTerminal } from '../received-frame.js';
import { expectEqual, expectThat } from '../violation.js';

/** The end: nothing but end of file says goodbye. */
export const leavingChecks: readonly Check[] = [
  {
    name: 'eof-idle',
    rule: 'At end of file an idle worker runs its close hook and exits with code 0',
    async run(stage) {
      const parent = await stage.start();
      parent.end();
      expectEqual('exit', await parent.gone(), { code: 0, signal: null });
      expectThat(parent.output().includes('conformance worker closed'), 'the text of the close hook', parent.output());
      return undefined;
    },
  },
  {
    name: 'eof-busy',
    rule: 'At end of file a worker finishes every task that it received, then exits with code 0',
    async run(stage) {
      const parent = await stage.start();
      const place = stage.rendezvous(parent);
      parent.send(valueTask(1, place.path, { handler: 'hold' }), bytesTask(2, 'two'), bytesTask(3, 'three'));
      parent.end();
      await stage.meet(parent, place);
      await place.release();
      expectEqual('exit', await parent.gone(), { code: 0, signal: null });
      const replies = parent.wire.messages.filter(isTerminal).map(({ type, id }) => [type, id]);
      expectEqual(
        'replies',
        replies,
        [1, 2, 3].map((id) => [FrameType.result, id]),
      );
      return undefined;
    },
  },
  {
    name: 'eof-behind-tasks',
    rule: 'Tasks and end of file in one go: all replies, then exit code 0',
    async run(stage) {
      const parent = await stage.start();
      const ids = Array.from({ length: 200 }, (_, index) => index + 1);
      parent.send(...ids.map((id) => bytesTask(id, 'x'.repeat(1_000))));
      parent.end();
      expectEqual('exit', await parent.gone(), { code: 0, signal: null });
      const replies = parent.wire.messages.filter(isTerminal).map(({ id }) => id);
      expectEqual('ids of replies', replies, ids);
      return undefined;
    },
  },
  {
    name: 'parent-killed',
    rule: 'When the parent is killed, the worker leaves by itself',
    async run(stage) {
      await killItsParent(stage.options);
      return undefined;
    },
  },
  {
    name: 'nobody-reads',
    rule: 'When nobody reads replies any more (EPIPE), the worker leaves',
    async run(stage) {
      const parent = await stage.start();
      parent.stopReading();
      parent.send(bytesTask(1, 'to nobody'), bytesTask(2, 'to nobody'));
      const { code, signal } = await parent.exited();
      return `exit ${code ?? signal}`;
    },
  },
];
