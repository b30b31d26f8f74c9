import type { ReplyKind, RetireReason, WorkerEnd } from '@ostler/pool/core';
import type { ExitKind } from './move.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';
import type { WorldWorker } from './world-worker.js';

/** Workers that were killed for one of these did not die of the tasks that they still held. */
const NOT_THEIR_FAULT: readonly (RetireReason | null)[] = ['timeout', 'aborted', 'protocol-error'];
/** Workers that left for one of these before they were ready tell nothing of the next start. */
const UNWANTED: readonly (RetireReason | null)[] = ['replaced', 'resized', 'closing'];

/** The worker has answered: what that makes of its task, and which one it runs now. */
export function takeReply(world: WorldState, worker: WorldWorker, answer: { task: WorldTask; kind: ReplyKind }): void {
  const { task, kind } = answer;
  const index = worker.held.indexOf(task);
  worker.held.splice(index, 1);
  task.worker = null;
  if (kind !== 'not-started') {
    worker.tasksDone++;
    task.begun = true;
  }
  if (kind === 'damaged') {
    task.place = 'damaged';
    worker.damaged.push(task);
  } else if (task.told !== null) world.release(task);
  else if (task.overTime) endAttempt(task, kind === 'succeeded' ? null : 'timeout');
  else if (kind === 'not-started') task.place = 'waiting';
  else endAttempt(task, kind === 'failed' ? 'failure' : kind === 'failed-memory' ? 'memory' : null);
  const head = worker.held[0];
  if (head === undefined) {
    worker.idleSince = world.now;
    worker.pinged = false;
    if (worker.told === null) worker.livenessDue = world.now + world.tuning.pingInterval;
  } else if (index === 0 && !world.parallel) beginHead(world, worker, head);
}

/** The worker's process has ended: what that makes of its tasks, and what the scheduler may be told of it. */
export function loseTasks(world: WorldState, worker: WorldWorker, kind: ExitKind): WorkerEnd {
  const draining = world.isDraining(worker);
  const [head] = worker.held;
  const hasLedger = world.options.exits.includes('unbegun');
  const innocent = kind === 'innocent' || NOT_THEIR_FAULT.includes(worker.reason);
  world.workers.delete(worker.id);
  world.replacing?.delete(worker.id);
  for (const task of worker.damaged) {
    if (task.told !== null) world.release(task);
    else endAttempt(task, 'timeout');
  }
  for (const [index, task] of worker.held.entries()) {
    const begun = world.parallel || (index === 0 && kind !== 'unbegun');
    task.worker = null;
    if (task.told !== null) world.release(task);
    else if (task.overTime) endAttempt(task, 'timeout');
    else if (begun) loseBegun(task, kind, innocent);
    else {
      if (index === 0) task.bounces++;
      task.place = 'waiting';
    }
  }
  if (!worker.ready) {
    if (!UNWANTED.includes(worker.reason)) world.starts.failed(world.now, kind === 'for-good');
  } else if (worker.told === null && !draining && worker.tasksDone === 0 && head === undefined) {
    world.starts.diedUnused(world.now);
  }
  return {
    startedId: hasLedger && head !== undefined ? (kind === 'unbegun' ? 0 : head.id >>> 0) : undefined,
    innocent: kind === 'innocent',
    memory: kind === 'memory',
    forGood: kind === 'for-good',
  };
}

function loseBegun(task: WorldTask, kind: ExitKind, innocent: boolean): void {
  endAttempt(task, kind === 'memory' && !innocent ? 'memory' : 'crash');
  task.innocent = innocent;
  if (innocent || task.plan.retries === undefined) return;
  task.crashes++;
  task.poisoned = task.crashes > 1;
}

/** From here the scheduler must say, within the event, what becomes of the task. */
function endAttempt(task: WorldTask, cause: WorldTask['cause']): void {
  task.place = 'limbo';
  task.begun = true;
  task.cause = cause;
  task.innocent = false;
  task.poisoned = false;
  task.overTime = false;
}

function beginHead(world: WorldState, worker: WorldWorker, head: WorldTask): void {
  const { now, tuning, options } = world;
  const grace = worker.abilities.cancel ? options.core.killGrace : 0;
  worker.headSince = now;
  if (worker.told === null) worker.livenessDue = now + tuning.inspectInterval;
  head.due = now + (head.told === null ? (head.plan.timeout ?? Infinity) : grace);
}
