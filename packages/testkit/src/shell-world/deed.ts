/** What a task makes its worker do. */
export type Deed = HarmlessDeed | FailingDeed | FatalDeed;

/** It answers, soon or late. */
export type HarmlessDeed = 'reply' | 'slow' | 'print' | 'twice' | 'unknown-id' | 'junk';
/** It does not answer well, and its worker goes on. */
export type FailingDeed = 'throw' | 'hang';
/** Its worker is of no use any more: it dies, or nothing that it says arrives. */
export type FatalDeed =
  | 'crash'
  | 'leave'
  | 'half-frame'
  | 'damage'
  | 'stop'
  | 'close'
  | 'orphan'
  | 'reply-crash'
  | 'reply-leave'
  | 'reply-stop'
  | 'reply-close'
  | 'reply-mute'
  | 'reply-orphan';

export const HARMLESS: readonly HarmlessDeed[] = ['reply', 'slow', 'print', 'twice', 'unknown-id', 'junk'];
export const FAILING: readonly FailingDeed[] = ['throw', 'hang'];
export const FATAL: readonly FatalDeed[] = [
  'crash',
  'leave',
  'half-frame',
  'damage',
  'stop',
  'close',
  'orphan',
  'reply-crash',
  'reply-leave',
  'reply-stop',
  'reply-close',
  'reply-mute',
  'reply-orphan',
];

/** Whether the task itself is answered: what follows hurts only those behind it. */
export function answers(deed: Deed): boolean {
  return deed.startsWith('reply') || (HARMLESS as readonly Deed[]).includes(deed);
}

export function isFatal(deed: Deed): boolean {
  return (FATAL as readonly Deed[]).includes(deed);
}
