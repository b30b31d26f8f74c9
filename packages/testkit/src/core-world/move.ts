import type { ReplyKind } from '@ostler/pool/core';

/** How a worker's process ends: of the task that it ran, before it began it, of something older, of its memory, or before it was ready. */
export type ExitKind = 'begun' | 'unbegun' | 'innocent' | 'memory' | 'not-ready' | 'for-good';

/** One thing that can happen in the world. Workers and tasks go by their ids, so a move means the same when it is replayed. */
export type Move =
  | { type: 'submit'; plan: number }
  | { type: 'abort'; task: number }
  | { type: 'ready'; worker: number }
  | { type: 'reply'; worker: number; task: number; kind: ReplyKind }
  | { type: 'garbage'; worker: number }
  | { type: 'exit'; worker: number; kind: ExitKind }
  | { type: 'silence'; worker: number }
  | { type: 'memory'; worker: number }
  | { type: 'pong'; worker: number }
  | { type: 'inspected'; worker: number; verdict: 'runs' | 'stopped' }
  | { type: 'deadline' }
  | { type: 'wait'; time: number }
  | { type: 'refuse' }
  | { type: 'pause' | 'resume' | 'close' | 'destroy' }
  | { type: 'resize'; size: number }
  | { type: 'replace'; surge: number };

export type MoveType = Move['type'];

/** The move in words, for the path to a violation: `reply w2 t5 failed`. */
export function describeMove(move: Move): string {
  const words = Object.entries(move).map(([name, value]) => {
    if (name === 'worker') return `w${value}`;
    if (name === 'task') return `t${value}`;
    return name === 'type' || name === 'kind' || name === 'verdict' ? `${value}` : `${name} ${value}`;
  });
  return words.join(' ');
}
