import type { WaitingCause } from '@ostler/pool/core';
import { demand } from './property-violation.js';
import { tenantsOf } from './tenants.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';

/** The limit that so many more tasks and bytes would break; an empty queue takes one of any size. */
export function limitOf(world: WorldState, bytes: number, count: number): 'maxQueueSize' | 'maxQueueBytes' | null {
  const { maxQueueSize, maxQueueBytes } = world.options.core;
  const waiting = waitingOf(world);
  if (sum(waiting, 'waitingItems') + count > maxQueueSize) return 'maxQueueSize';
  const tooMuch = waiting.length > 0 && sum(waiting, 'waitingBytes') + bytes > maxQueueBytes;
  return tooMuch ? 'maxQueueBytes' : null;
}

/** Everybody who waits is known to wait, for one true reason, and somebody will come. */
export function checkWaiting(world: WorldState): void {
  const waiting = waitingOf(world);
  checkQueue(world, waiting);
  checkCauses(world, waiting);
  const runnable = waiting.filter((task) => world.isRunnable(task));
  for (const task of waiting) {
    demand(task.bounces < world.tuning.maxBounces, 'nobody bounces for ever', `t${task.name}`);
  }
  if (world.paused) return;
  if (waiting.length > 0) demandSomebody(world, waiting.length);
  if (runnable.length > 0) demandNobodyFree(world, runnable);
}

function checkQueue(world: WorldState, waiting: readonly WorldTask[]): void {
  const { queue } = world.scheduler();
  const size = sum(waiting, 'waitingItems');
  const bytes = sum(waiting, 'waitingBytes');
  demand(queue.size === size, 'the queue is what waits', `${queue.size} tasks instead of ${size}`);
  demand(queue.bytes === bytes, 'the queue is what waits', `${queue.bytes} bytes instead of ${bytes}`);
  const slots = new Set(queue);
  const known = waiting.every(({ slot }) => slots.has(slot)) && slots.size === waiting.length;
  demand(known, 'the queue is what waits', `${slots.size} entries instead of ${waiting.length}`);
  const oldest = Math.min(Infinity, ...waiting.map(({ queuedAt }) => queuedAt));
  demand(queue.oldestQueuedAt === oldest, 'the queue is what waits', `the oldest since ${queue.oldestQueuedAt}`);
  demand(!world.refused || limitOf(world, 1, 1) !== null, 'room is offered', `${size} wait`);
}

function checkCauses(world: WorldState, waiting: readonly WorldTask[]): void {
  const scheduler = world.scheduler();
  const counts = scheduler.causes();
  for (const task of waiting) {
    const cause = scheduler.causeOf(task.slot);
    counts[cause] = (counts[cause] ?? 0) - task.waitingItems;
    const expected = task.place === 'delayed' ? 'retry-backoff' : world.isBehind(task) ? 'key-busy' : null;
    const holds = expected === null ? CAUSE_OF_QUEUE[cause]?.(world, task) : cause === expected;
    demand(holds === true, 'every wait has one true cause', `t${task.name} ${cause}`);
  }
  const wrong = Object.entries(counts).find(([, left]) => left !== 0);
  demand(wrong === undefined, 'every wait has one true cause', `${wrong?.[1]} too many counted as ${wrong?.[0]}`);
}

const CAUSE_OF_QUEUE: Partial<Record<WaitingCause, (world: WorldState, task: WorldTask) => boolean>> = {
  paused: ({ paused }) => paused,
  'cold-start': ({ workers }) => [...workers.values()].some(({ ready, told }) => !ready && told === null),
  'start-backoff': (world, task) => world.starts.until > world.now && !isServed(world, task),
  'pool-at-maximum': (world, task) => world.places <= 0 && (!world.isolatesTenants || isServed(world, task)),
  'workers-busy': (world, task) => world.places > 0 && isServed(world, task),
  'other-tenants': (world, task) => world.isolatesTenants && world.places <= 0 && !isServed(world, task),
};

/** Some warm worker will come to it. */
function isServed(world: WorldState, { tenant }: WorldTask): boolean {
  if (world.isolatesTenants) return tenantsOf(world).isServed(tenant);
  return world.scheduler().workers.warm > 0;
}

function demandSomebody(world: WorldState, count: number): void {
  const { workers } = world;
  const active = [...workers.values()].some(({ ready, told, held }) => !ready || told !== null || held.length > 0);
  const armed = world.scheduler().nextDeadline() < Infinity;
  demand(active || armed, 'nobody waits for nothing', `${count} wait, and nothing will happen`);
}

/** A task that could run, and a worker that could run it. */
function demandNobodyFree(world: WorldState, runnable: readonly WorldTask[]): void {
  const { concurrency, maxTasksPerWorker } = world.options.core;
  for (const worker of world.workers.values()) {
    if (!worker.works || world.isDraining(worker)) continue;
    const { held, tasksDone } = worker;
    const room = Math.min(concurrency, maxTasksPerWorker - tasksDone) - held.length;
    const waits = runnable.find(
      ({ tenant }) => !world.isolatesTenants || worker.tenant === null || worker.tenant === tenant,
    );
    if (waits === undefined || (held.length > 0 && tenantsOf(world).mayBeOwed(worker))) continue;
    demand(room <= 0, 'nobody waits for nothing', `t${waits.name} waits although w${worker.id} has room`);
  }
}

function waitingOf(world: WorldState): WorldTask[] {
  return [...world.tasks.values()].filter(({ isInWorker, waitingItems }) => !isInWorker && waitingItems > 0);
}

function sum(tasks: readonly WorldTask[], what: 'waitingItems' | 'waitingBytes'): number {
  return tasks.reduce((total, task) => total + task[what], 0);
}
