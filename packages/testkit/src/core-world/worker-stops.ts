import type { RetireReason, StopStep } from '@ostler/pool/core';
import type { Move } from './move.js';
import { demand } from './property-violation.js';
import { tenantsOf } from './tenants.js';
import type { WorldState } from './world-state.js';
import type { WorldWorker } from './world-worker.js';

const HARDNESS = { asked: 1, terminated: 2, killed: 3 } as const;

interface Stop {
  readonly step: Exclude<StopStep, 'draining'>;
  readonly reason: RetireReason;
}

/** Objects to a worker that is stopped too hard, too early, or without a reason. */
export function demandRightStop(world: WorldState, worker: WorldWorker, stop: Stop): void {
  const name = `w${worker.id} ${stop.step} for ${stop.reason}`;
  const { told } = worker;
  demand(told === null || HARDNESS[stop.step] > HARDNESS[told], 'stops only get harder', `${name} after ${told}`);
  demand(stop.step !== 'asked' || worker.held.length === 0, 'who works may finish', name);
  if (told !== null && stop.reason === worker.reason) {
    demand(mayHarden(world, worker), 'every step has its grace', name);
    return;
  }
  demand(REASONS[stop.reason](world, worker), 'every stop has a reason', name);
}

/** Whether a worker may be told to leave for this reason, now. */
const REASONS: Readonly<Record<RetireReason, (world: WorldState, worker: WorldWorker) => boolean>> = {
  idle: (world, worker) => mayLeaveIdle(world, worker),
  'max-tasks': (world, worker) =>
    worker.tasksDone >= world.options.core.maxTasksPerWorker || isDue(world, worker, 'max-tasks'),
  'max-lifetime': (world, worker) => isDue(world, worker, 'max-lifetime'),
  memory: (world, worker) => isDue(world, worker, 'memory'),
  replaced: (world, worker) =>
    isDue(world, worker, 'replaced') || worker.wasDraining || tenantsOf(world).mayGiveWay(worker),
  timeout: (world, worker) => (worker.ready ? hasOverdueTask(world, worker) : worker.stepDue <= world.now),
  aborted: (world, worker) => hasOverdueTask(world, worker),
  unresponsive: ({ move }, worker) =>
    move.type === 'deadline' ? worker.awaitsPong && worker.pinged : isAbout(move, worker, 'silence', 'inspected'),
  'protocol-error': ({ move }, worker) => sentGarbage(move, worker),
  resized: (world, worker) => isAboveMaximum(world, worker) || wasDraining(world, worker),
  closing: ({ closing }) => closing !== false,
};

function isAbout(move: Move, worker: WorldWorker, ...types: Move['type'][]): boolean {
  return types.includes(move.type) && 'worker' in move && move.worker === worker.id;
}

function sentGarbage(move: Move, worker: WorldWorker): boolean {
  return (
    isAbout(move, worker, 'garbage') || (isAbout(move, worker, 'reply') && 'kind' in move && move.kind === 'damaged')
  );
}

/** The grace of the last step is over, or something happened that leaves no time for one. */
function mayHarden(world: WorldState, worker: WorldWorker): boolean {
  const { move, now } = world;
  if (move.type === 'deadline') return worker.stepDue <= now || hasOverdueTask(world, worker);
  return move.type === 'destroy' || sentGarbage(move, worker) || isAbout(move, worker, 'silence', 'inspected');
}

function mayLeaveIdle(world: WorldState, worker: WorldWorker): boolean {
  const { options, minimum, now } = world;
  const { idle } = world.scheduler().workers;
  const serves = world.isolatesTenants && worker.tenant !== null;
  const older = idle.some(
    ({ id, due, idleSince, tenant }) =>
      id !== worker.id && due === null && idleSince < worker.idleSince && (!serves || tenant !== undefined),
  );
  const overTime = now >= worker.idleSince + options.core.idleTimeout;
  return overTime && !older && (serves || world.stayingForGood() + 1 > minimum);
}

/** It became due, and by now either the minimum is warm without it, or no successor is being warmed and none has room. */
function isDue(world: WorldState, worker: WorldWorker, reason: RetireReason): boolean {
  if (world.scheduler().workers.get(worker.id)?.due !== reason) return false;
  if (wasDraining(world, worker)) return true;
  const fresh = [...world.workers.values()].filter(
    ({ id, works }) => works && world.scheduler().workers.get(id)?.due === null,
  );
  if (fresh.length >= world.minimum) return true;
  return world.room <= 0 && world.scheduler().workers.starting.length === 0;
}

function hasOverdueTask({ now, parallel }: WorldState, { held }: WorldWorker): boolean {
  const running = parallel ? held : held.slice(0, 1);
  return running.some(({ told, overTime, due }) => (told !== null || overTime) && due <= now);
}

function isAboveMaximum(world: WorldState, worker: WorldWorker): boolean {
  const idle = [...world.workers.values()].some((other) => other.works && other.held.length === 0);
  return staying(world) > world.maxWorkers + world.surge && (!idle || worker.held.length === 0);
}

/** It was to leave before, and has just finished its last task. */
function wasDraining({ move }: WorldState, worker: WorldWorker): boolean {
  return move.type === 'reply' && move.worker === worker.id;
}

/** Starting, idle or busy; the worker that is being told now counts. */
function staying(world: WorldState): number {
  return [...world.workers.values()].filter((worker) => worker.told === null && !isDrainingWithTasks(world, worker))
    .length;
}

function isDrainingWithTasks(world: WorldState, worker: WorldWorker): boolean {
  return worker.held.length > 0 && world.isDraining(worker);
}
