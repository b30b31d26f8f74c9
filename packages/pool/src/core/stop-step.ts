/**
 * How far the stop of a worker has gone. `draining`: it finishes what it holds; `asked`: end of file on its task channel;
 * `terminated`: SIGTERM; `killed`: SIGKILL. The last three go to the whole process group.
 */
export type StopStep = 'draining' | 'asked' | 'terminated' | 'killed';

/** Every legal move: a stop only ever gets harder. */
export const STOP_TRANSITIONS: Readonly<Record<StopStep, readonly StopStep[]>> = {
  draining: ['asked', 'terminated', 'killed'],
  asked: ['terminated', 'killed'],
  terminated: ['killed'],
  killed: [],
};

/** The step to take when the grace of `step` has passed, or null where nothing harder is left. */
export const HARDER_STEP: Readonly<Record<StopStep, StopStep | null>> = {
  draining: null,
  asked: 'terminated',
  terminated: 'killed',
  killed: null,
};

/** True where a stop at `from` may be made harder by `to`. */
export function canStep(from: StopStep | null, to: StopStep): boolean {
  return from === null || STOP_TRANSITIONS[from].includes(to);
}
