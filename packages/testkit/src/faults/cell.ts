import type { End } from './fault-table.js';
import type { Setup } from './setup.js';

/** What one fault did to one pool: a bad task among eight good ones. */
export interface Cell {
  readonly fault: string;
  readonly setup: Setup;
  readonly expected: End;
  readonly bad: End;
  /** Good tasks that did not get their digest (behind a program that cannot start: that did not end like the bad one). */
  readonly hurt: number;
  /** Promises that never settled. */
  readonly lost: number;
  /** Times that a task began again although nobody had asked for it. */
  readonly rerun: number;
  /** Whether the task that came after all this was done. */
  readonly next: boolean;
  /** Processes that were there after `close()`. */
  readonly left: number;
  /** What else was wrong. */
  readonly notes: readonly string[];
  readonly ms: number;
}

export function isRight({ bad, expected, hurt, lost, rerun, next, left, notes }: Cell): boolean {
  return bad === expected && hurt + lost + rerun + left + notes.length === 0 && next;
}
