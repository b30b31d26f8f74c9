import type { RawParent } from './raw-parent.js';
import { describeFrame, isSentByWorkers } from './received-frame.js';
import { expectThat } from './violation.js';

/** What must be true of every conversation, whatever it was about. */
export function checkInvariants(parent: RawParent): void {
  const { terminals, damage, stray, frames } = parent.wire;
  expectThat(damage.length === 0, 'undamaged frames only', damage.join('; '));
  if (parent.isPrivate) expectThat(stray === '', 'nothing but frames on the private channel', stray);
  const unknown = frames.find(({ type }) => !isSentByWorkers(type));
  expectThat(unknown === undefined, 'only frames that a worker may send', unknown ? describeFrame(unknown) : '');
  for (const { id } of terminals) {
    if (id === 0) continue;
    const count = terminals.filter((frame) => frame.id === id).length;
    const sent = parent.tasksSent.get(id) ?? 0;
    expectThat(count <= sent, `at most ${sent} terminal frame(s) for id ${id}`, `${count}`);
  }
}
