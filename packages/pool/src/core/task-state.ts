/** A task's life. `cancelling`: its caller was told, but a worker still holds it. */
export type TaskState = 'queued' | 'sent' | 'cancelling' | 'settled';

/** What can happen to a task; `requeue` follows a recall, a lost worker, or a retry. */
export type TaskEvent = 'send' | 'cancel' | 'requeue' | 'settle';

/** Every legal move. A move that is not listed is a bug in the scheduler, so it throws. */
export const TASK_TRANSITIONS: Readonly<Record<TaskState, Partial<Record<TaskEvent, TaskState>>>> = {
  queued: { send: 'sent', settle: 'settled' },
  sent: { cancel: 'cancelling', requeue: 'queued', settle: 'settled' },
  cancelling: { requeue: 'queued', settle: 'settled' },
  settled: {},
};

/** The states as the small integers that the task table stores. */
export const TASK_STATE_CODE: Readonly<Record<TaskState, number>> = { settled: 0, queued: 1, sent: 2, cancelling: 3 };
export const TASK_STATES: readonly TaskState[] = ['settled', 'queued', 'sent', 'cancelling'];

const ILLEGAL = 255;
const EVENTS: readonly TaskEvent[] = ['send', 'cancel', 'requeue', 'settle'];
const NEXT = Object.fromEntries(
  EVENTS.map((event) => {
    const codes = TASK_STATES.map((state) => TASK_TRANSITIONS[state][event]);
    return [event, codes.map((next) => (next === undefined ? ILLEGAL : TASK_STATE_CODE[next]))];
  }),
) as unknown as Readonly<Record<TaskEvent, readonly number[]>>;

/** The code of the state after `event`; throws for a move that is not in the table. */
export function nextTaskStateCode(code: number, event: TaskEvent): number {
  const next = NEXT[event][code] ?? ILLEGAL;
  if (next === ILLEGAL) throw new Error(`illegal task transition: '${event}' while ${TASK_STATES[code]}`);
  return next;
}
