import type { WorldState } from './world-state.js';
import type { WorldWorker } from './world-worker.js';

/** Everything that is due at a time of its own, with that time: the scheduler must want to be woken by then. */
export function* dueTimes(world: WorldState): Generator<[what: string, at: number]> {
  for (const task of world.tasks.values()) {
    const name = `t${task.name}`;
    if (task.waitingItems > 0) yield [`the waiting time of ${name}`, task.queueDeadline];
    if (task.place === 'delayed') yield [`the back-off of ${name}`, task.delayedUntil];
    if (task.place === 'held') yield [`the run time of ${name}`, task.due];
  }
  for (const worker of world.workers.values()) yield* dueTimesOfWorker(world, worker);
  if (world.closing === false) yield ['an idle worker above the minimum', idleLeavesAt(world)];
}

function* dueTimesOfWorker(world: WorldState, worker: WorldWorker): Generator<[what: string, at: number]> {
  const { tuning, options, parallel } = world;
  const { abilities, held, headSince } = worker;
  const seen = world.scheduler().workers.get(worker.id);
  yield [`the start or stop of w${worker.id}`, worker.stepDue];
  yield [`a look at w${worker.id}`, worker.livenessDue];
  if (worker.works && seen?.reason === null && seen.due === null) {
    yield [`the lifetime of w${worker.id}`, worker.readyAt + options.core.maxWorkerLifetime];
  }
  const waits = held.slice(1).some(({ told, recalled }) => told === null && !recalled);
  if (!parallel && waits && abilities.recall) yield [`a recall from w${worker.id}`, headSince + tuning.recallAfter];
}

function idleLeavesAt(world: WorldState): number {
  const isSpare = world.stayingForGood() > world.minimum;
  const idle = world
    .scheduler()
    .workers.idle.filter(({ due, tenant }) => due === null && (isSpare || tenant !== undefined));
  const since = idle.map(({ id }) => world.workers.get(id)?.idleSince ?? 0);
  return Math.min(Infinity, ...since) + world.options.core.idleTimeout;
}
