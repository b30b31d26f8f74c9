import { demand } from './property-violation.js';
import { tenantsOf } from './tenants.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';
import type { WorldWorker } from './world-worker.js';

/** Objects to a task that is sent out of its turn, or to a worker that should not get it. */
export function demandRightSend(world: WorldState, worker: WorldWorker, task: WorldTask): void {
  const name = `t${task.name} to w${worker.id}`;
  demand(worker.ready, 'only the ready get tasks', name);
  demand(worker.told === null, 'who leaves gets no tasks', `${name}, which was ${worker.told}`);
  demand(world.scheduler().workers.get(worker.id)?.reason === null, 'who leaves gets no tasks', name);
  demand(!world.paused, 'paused means paused', name);
  demand(task.told === null && !task.isBatch, 'every task settles once', `${name}, after it was ${task.told}`);
  demand(!task.isInWorker, 'no task runs twice at once', name);
  demand(task.place !== 'limbo', 'no task runs again unasked', name);
  if (task.place !== 'drawn') demandTurn(world, task);
  const holder = task.key === undefined ? undefined : world.keyHolders.get(task.key);
  demand(
    holder === undefined || holder === task,
    'one task of a key at a time',
    `${name}, while t${holder?.name} runs`,
  );
  tenantsOf(world).demandRightSend(worker, task);
  demandRoom(world, worker, task);
}

function demandTurn(world: WorldState, task: WorldTask): void {
  const next = world.next(task.tenant);
  demand(next === task, 'first come, first served', `t${task.name} was sent before t${next?.name}`);
}

function demandRoom(world: WorldState, worker: WorldWorker, task: WorldTask): void {
  const name = `t${task.name} to w${worker.id}`;
  const { concurrency, sendAhead, maxTasksPerWorker } = world.options.core;
  const { held, tasksDone } = worker;
  const limit = sendAhead && concurrency === 1 ? world.scheduler().depth : concurrency;
  demand(held.length < limit, 'no worker holds too much', `${name}, which holds ${held.length}`);
  demand(tasksDone + held.length < maxTasksPerWorker, 'no worker gets too many tasks', `${name} after ${tasksDone}`);
  const answered = world.move.type === 'reply' && world.move.worker === worker.id;
  const idle = [...world.workers.values()].filter(
    (other) =>
      other.works &&
      other.held.length === 0 &&
      other.tasksDone < maxTasksPerWorker &&
      !world.isDraining(other) &&
      (!world.isolatesTenants || other.tenant === null || other.tenant === task.tenant),
  );
  if (held.length === 0) {
    const warmer = idle.some((other) => isWarmer(other, worker));
    demand(answered || !warmer, 'the warmest works', `${name}, idle since ${worker.idleSince}`);
    return;
  }
  demand(idle.length === 0, 'nobody doubles up while one is idle', name);
  const ahead = concurrency === 1;
  demand(!ahead || world.now < worker.headSince + world.tuning.recallAfter, 'nothing is sent behind a slow head', name);
}

/** Used later; or, where tenants are isolated, used by this one at all. */
function isWarmer(one: WorldWorker, other: WorldWorker): boolean {
  if ((one.tenant === null) !== (other.tenant === null)) return other.tenant === null;
  return one.idleSince > other.idleSince;
}
