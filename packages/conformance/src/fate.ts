import { Flag } from '@ostler/protocol';
import { expectEqual } from './violation.js';

const FLAGS = { failed: 0, cancelled: Flag.cancelled, unbegun: Flag.cancelled | Flag.notStarted };

/** What a FAILURE must say of its task: it failed by itself, was cancelled while it ran, or comes back as not begun. */
export function expectFate({ flags }: { readonly flags: number }, fate: keyof typeof FLAGS): void {
  expectEqual('flags', flags & FLAGS.unbegun, FLAGS[fate]);
}
