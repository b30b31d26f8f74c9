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
export const WORKER_TRANSITIONS: Readonly<Record<WorkerState, Partial<Record<WorkerEvent, WorkerState>>>> = {
  starting: { ready: 'idle', retire: 'stopping', exit: 'exited' },
  idle: { assign: 'busy', retire: 'stopping', exit: 'exited' },
  busy: { assign: 'busy', settle: 'busy', drained: 'idle', retire: 'stopping', exit: 'exited' },
  stopping: { settle: 'stopping', drained: 'stopping', retire: 'stopping', exit: 'exited' },
  exited: {},
};

/** The state after `event`; throws for a move that is not in the table. */
export function nextWorkerState(state: WorkerState, event: WorkerEvent): WorkerState {
  const next = WORKER_TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`illegal worker transition: '${event}' while ${state}`);
  return next;
}
