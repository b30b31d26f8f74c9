import type { Move } from './move.js';
import { demand } from './property-violation.js';
import type { World } from './world.js';

/**
 * From here on the world answers everything: starts succeed, tasks are answered, who is told to leave leaves. Then every
 * task must settle, a pool that closes must end, and any other must stand at its minimum.
 */
export function complete(world: World): void {
  const { state } = world;
  const limit = 200 + 20 * (state.tasks.size + world.scheduler.queue.size);
  for (let steps = 0; steps < limit; steps++) {
    const move = isDone(world) ? undefined : nextMove(world);
    if (move === undefined) break;
    world.perform(move);
  }
  demand(isDone(world), 'all is settled in the end', whatIsLeft(world));
  const { state: column } = world.scheduler.tasks;
  demand(
    column.every((code) => code === 0),
    'no slot is leaked',
    'a slot is in use although no task is left',
  );
}

function isDone({ state, scheduler }: World): boolean {
  if (state.tasks.size > 0 || state.replacing !== null) return false;
  if (state.closing !== false) return state.closed;
  const { starting, stopping, total } = scheduler.workers;
  if (starting.length > 0 || stopping.length > 0) return false;
  return state.stayingForGood() >= Math.min(state.minWorkers, state.maxWorkers) || (state.starts.broken && total === 0);
}

/** Whatever is owed to the scheduler, and time only when nothing is. */
function nextMove({ state, scheduler }: World): Move | undefined {
  if (state.paused) return { type: 'resume' };
  for (const { id, told, ready, held, awaitsPong, awaitsLook } of state.workers.values()) {
    if (told !== null) return { type: 'exit', worker: id, kind: ready ? 'begun' : 'not-ready' };
    if (!ready) return { type: 'ready', worker: id };
    if (awaitsPong) return { type: 'pong', worker: id };
    if (awaitsLook) return { type: 'inspected', worker: id, verdict: 'runs' };
    const [head] = held;
    if (head === undefined) continue;
    const kind = head.told !== null || head.overTime ? 'failed' : 'succeeded';
    return { type: 'reply', worker: id, task: head.name, kind };
  }
  return scheduler.nextDeadline() < Infinity ? { type: 'deadline' } : undefined;
}

function whatIsLeft({ state }: World): string {
  const tasks = [...state.tasks.values()].map(
    ({ name, place, told }) => `t${name} ${place}${told === null ? '' : ` (${told})`}`,
  );
  const workers = [...state.workers.values()].map(
    ({ id, ready, told }) => `w${id} ${told ?? (ready ? 'ready' : 'starting')}`,
  );
  const orders = [
    state.replacing === null ? '' : 'a replacement',
    state.closing === false ? '' : `closing: ${state.closing}`,
  ];
  return [...tasks, ...workers, ...orders].filter((part) => part !== '').join(', ') || 'fewer workers than the minimum';
}
