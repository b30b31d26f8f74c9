import type { Check } from '../check.js';
import { bytesTask, type Outgoing, valueTask } from '../messages.js';
import type { RawParent } from '../raw-parent.js';
import { isTerminal } from '../received-frame.js';
import { expectEqual, expectThat } from '../violation.js';

/** Windows has no signals: whoever ends a process gives it an exit code. */
const KILLED = process.platform === 'win32' ? { code: 1, signal: null } : { code: null, signal: 'SIGKILL' };

/** Which task may have begun is known when the worker dies: each reply is published before the next task begins. */
export const blameChecks: readonly Check[] = [
  {
    name: 'publish-before-begin',
    rule: 'The reply of task n is on the wire or in the ledger before task n+1 begins, even if that one is kill -9',
    async run(stage) {
      const parent = await stage.start();
      const innocents = [1, 2, 3, 4, 5, 6, 7];
      await dieAt(parent, innocents, valueTask(8, { kill: true }, { handler: 'exit' }));
      expectEqual('exit', parent.exit, KILLED);
      expectEqual('ids of published replies', publishedIds(parent), innocents);
      return undefined;
    },
  },
  {
    name: 'publish-before-begin-single',
    rule: 'The same for one reply before the fatal task, in a worker that has answered many before',
    async run(stage) {
      const parent = await stage.start();
      const warmUp = Array.from({ length: 100 }, (_, index) => index + 1);
      parent.send(...warmUp.map((id) => bytesTask(id, 'warm')));
      await parent.settled(100);
      await dieAt(parent, [101], valueTask(102, { kill: true }, { handler: 'exit' }));
      expectEqual('ids of published replies', publishedIds(parent), [...warmUp, 101]);
      return undefined;
    },
  },
  {
    name: 'exit-in-handler',
    rule: 'A handler that leaves the process: its exit code, every earlier reply, no reply for itself',
    async run(stage) {
      const parent = await stage.start();
      await dieAt(parent, [1, 2], valueTask(3, { code: 7 }, { handler: 'exit' }));
      expectEqual('exit', parent.exit, { code: 7, signal: null });
      expectEqual('ids of published replies', publishedIds(parent), [1, 2]);
      return undefined;
    },
  },
  {
    name: 'publish-while-running',
    rule: 'While task 2 runs, the reply of task 1 can already be read on the wire or in the ledger',
    async run(stage) {
      const parent = await stage.start();
      const place = stage.rendezvous(parent);
      parent.send(bytesTask(1, 'one'), valueTask(2, place.path, { handler: 'hold' }));
      await stage.meet(parent, place);
      const isPublished = () => publishedIds(parent).includes(1) || undefined;
      await parent.until('the reply of task 1 on the wire or in the ledger', isPublished);
      const where = parent.about(1).length > 0 ? 'on the wire' : 'in the ledger';
      await place.release();
      expectEqual('reply of the held task', await parent.value(2), 'released');
      return where;
    },
  },
];

async function dieAt(parent: RawParent, innocents: readonly number[], fatal: Outgoing): Promise<void> {
  parent.send(...innocents.map((id) => bytesTask(id, `task ${id}`)), fatal, bytesTask(fatal.id + 1, 'never begins'));
  await parent.gone();
  const later = publishedIds(parent).filter((id) => id >= fatal.id);
  expectThat(later.length === 0, `no reply for task ${fatal.id} or later ones`, later);
}

/** Ids of all replies that can be read, on the wire or in the ledger, without the ones that are in both. */
export function publishedIds(parent: RawParent): number[] {
  const held = parent.ledger?.read(parent.key)?.frames ?? [];
  const ids = [...parent.wire.messages, ...held].filter(isTerminal).map(({ id }) => id);
  return [...new Set(ids)];
}
