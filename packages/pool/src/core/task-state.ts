import { MoveCodes, type MoveTable } from './move-table.js';

/** A task's life. `cancelling`: its caller was told or it will run again, but a worker still holds it. */
export type TaskState = 'queued' | 'sent' | 'cancelling' | 'settled';

/** What can happen to a task; `requeue` follows a recall, a lost worker, or a retry. */
export type TaskEvent = 'send' | 'cancel' | 'requeue' | 'settle';

/** Every legal move. A move that is not listed is a bug in the scheduler, so it throws. A slot that was never used is settled: 0. */
export const TASK_TRANSITIONS: MoveTable<TaskState, TaskEvent> = {
  settled: {},
  queued: { send: 'sent', settle: 'settled' },
  sent: { cancel: 'cancelling', requeue: 'queued', settle: 'settled' },
  cancelling: { requeue: 'queued', settle: 'settled' },
};

/** The states as the small integers that the task table stores. */
export const TASK_MOVES = new MoveCodes('task', TASK_TRANSITIONS, ['send', 'cancel', 'requeue', 'settle']);
export const SETTLED = TASK_MOVES.codeOf('settled');
export const QUEUED = TASK_MOVES.codeOf('queued');
export const SENT = TASK_MOVES.codeOf('sent');
export const CANCELLING = TASK_MOVES.codeOf('cancelling');

/** The events as small integers. */
export const SEND = TASK_MOVES.eventOf('send');
export const CANCEL = TASK_MOVES.eventOf('cancel');
export const REQUEUE = TASK_MOVES.eventOf('requeue');
export const SETTLE = TASK_MOVES.eventOf('settle');
