import { MoveCodes, type MoveTable } from './move-table.js';

/** A worker's life. Why it is leaving is a `RetireReason`, never another state. */
export type WorkerState = 'starting' | 'idle' | 'busy' | 'stopping' | 'exited';

/** What can happen to a worker; `drained` follows the settle that took its last task. */
export type WorkerEvent = 'ready' | 'assign' | 'settle' | 'drained' | 'retire' | 'exit';

/** Why a worker is asked to leave. */
export type RetireReason =
  | 'idle'
  | 'max-tasks'
  | 'max-lifetime'
  | 'memory'
  | 'timeout'
  | 'aborted'
  | 'unresponsive'
  | 'protocol-error'
  | 'replaced'
  | 'resized'
  | 'closing';

/** Every legal move. A move that is not listed is a bug in the scheduler, so it throws. */
export const WORKER_TRANSITIONS: MoveTable<WorkerState, WorkerEvent> = {
  starting: { ready: 'idle', retire: 'stopping', exit: 'exited' },
  idle: { assign: 'busy', retire: 'stopping', exit: 'exited' },
  busy: { assign: 'busy', settle: 'busy', drained: 'idle', retire: 'stopping', exit: 'exited' },
  stopping: { settle: 'stopping', drained: 'stopping', exit: 'exited' },
  exited: {},
};

/** The states as small integers. */
export const WORKER_MOVES = new MoveCodes('worker', WORKER_TRANSITIONS, [
  'ready',
  'assign',
  'settle',
  'drained',
  'retire',
  'exit',
]);
export const STARTING = WORKER_MOVES.codeOf('starting');
export const IDLE = WORKER_MOVES.codeOf('idle');
export const BUSY = WORKER_MOVES.codeOf('busy');
export const STOPPING = WORKER_MOVES.codeOf('stopping');
export const EXITED = WORKER_MOVES.codeOf('exited');

/** The events as small integers. */
export const READY = WORKER_MOVES.eventOf('ready');
export const ASSIGN = WORKER_MOVES.eventOf('assign');
export const SETTLE = WORKER_MOVES.eventOf('settle');
export const DRAINED = WORKER_MOVES.eventOf('drained');
export const RETIRE = WORKER_MOVES.eventOf('retire');
export const EXIT = WORKER_MOVES.eventOf('exit');
