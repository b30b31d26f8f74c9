import type { ReplyKind, TaskCounts, TaskOutcome } from '@ostler/pool/core';
import { demand } from './property-violation.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';

/** The pool's bucket of retries starts with so many: up to there a grant of the policy is a grant. */
export const RETRY_RESERVE = 100;

/** How each outcome is counted. */
export const ENDED_AS: Readonly<Record<TaskOutcome, keyof TaskCounts>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  crashed: 'crashed',
  poison: 'crashed',
  'protocol-error': 'crashed',
  'timed-out-waiting': 'timedOut',
  'timed-out-running': 'timedOut',
  aborted: 'aborted',
  'start-failed': 'rejected',
  closed: 'rejected',
};

/** Objects to a task that ends twice, for the wrong reason, or with a wrong word on whether it may have begun. */
export function demandRightEnding(
  world: WorldState,
  task: WorldTask,
  { outcome, started }: { outcome: TaskOutcome; started: boolean },
): void {
  const name = `t${task.name} ${outcome}`;
  demand(task.told === null, 'every task settles once', `${name}, after ${task.told}`);
  demand(EXPECTED[outcome](world, task), 'every outcome is true', `${name} while ${task.place}, at ${world.move.type}`);
  const worker = task.place === 'held' ? task.worker : null;
  const begun = task.begun || (worker !== null && world.mayHaveBegun(worker, task));
  demand(begun === started, 'started is true', `${name}, started ${started}`);
}

const waits = (task: WorldTask): boolean => task.place === 'waiting' || task.place === 'delayed';
const answered = ({ move }: WorldState, task: WorldTask, ...kinds: ReplyKind[]): boolean =>
  task.place === 'limbo' && move.type === 'reply' && kinds.includes(move.kind);
const lost = ({ move }: WorldState, task: WorldTask): boolean => task.place === 'limbo' && move.type === 'exit';

/** When a task may come to which end. */
const EXPECTED: Readonly<Record<TaskOutcome, (world: WorldState, task: WorldTask) => boolean>> = {
  succeeded: (world, task) => answered(world, task, 'succeeded'),
  failed: (world, task) => answered(world, task, 'failed', 'failed-memory') && !retryIsCertain(world, task),
  'protocol-error': ({ move }, task) => move.type === 'reply' && move.kind === 'damaged' && task.place === 'damaged',
  crashed: (world, task) =>
    (world.move.type === 'exit' && task.place === 'waiting' && task.bounces >= world.tuning.maxBounces) ||
    (lost(world, task) && !task.poisoned && !retryIsCertain(world, task)),
  poison: (world, task) => lost(world, task) && task.poisoned,
  'timed-out-waiting': ({ move, now }, task) => move.type === 'deadline' && task.queueDeadline <= now,
  'timed-out-running': (world, task) =>
    world.move.type === 'deadline' &&
    task.place === 'held' &&
    task.due <= world.now &&
    !retryIsCertain(world, task, 'timeout'),
  aborted: ({ move }, task) => move.type === 'abort' && move.task === task.name && (waits(task) || task.isInWorker),
  'start-failed': (world, task) => waits(task) && world.move.type === 'exit' && world.starts.broken,
  closed: ({ move }, task) => move.type === 'destroy' && (waits(task) || task.isInWorker),
};

/** The policy grants another attempt, and the pool's budget can't be empty yet. */
function retryIsCertain(world: WorldState, task: WorldTask, cause = task.cause): boolean {
  if (cause === null || world.closing === 'now' || world.counts.retried >= RETRY_RESERVE) return false;
  return task.innocent ? task.plan.retries?.on.includes('crash') === true : task.mayRetry(cause);
}
