import type { World } from '../core-world/index.js';
import type { TaskPlan } from '../core-world/world-options.js';
import type { WorldState } from '../core-world/world-state.js';
import type { WorldTask } from '../core-world/world-task.js';
import type { WorldWorker } from '../core-world/world-worker.js';

type Fact = string | number | boolean | null | undefined;

/**
 * Everything that the future of a world depends on, in one string: worlds with the same one are explored once. Tasks go by
 * their age, workers by what they do (which of them does it makes no difference), times count from now, and what is over for
 * long enough is cut off. Left out is what only shifts thresholds of time: the learned mean of the service time, and which of
 * equally loaded workers is looked at first.
 */
export function fingerprint(world: World): string {
  const { state, scheduler } = world;
  const ages = new Map([...state.tasks.values()].map((task, age) => [task, age]));
  const { idle, busy, starting, stopping } = scheduler.workers;
  const facts = ({ id }: { id: number }): string => factsOfWorker(world, state.workers.get(id) as WorldWorker, ages);
  const workers = [...idle.map(facts), '', ...[...busy, ...starting, ...stopping].map(facts).sort()];
  const tasks = [...state.tasks.values()].map((task) => factsOfTask(world, task, ages).join());
  const holders = [...state.keyHolders].map(([key, holder]) => `${key}${ages.get(holder)}`);
  return `${factsOfWorld(world).join()};${workers.join(';')};${tasks.join(';')};${holders.sort().join()}`;
}

function factsOfWorld({ state, scheduler, options, made, exits, plansTaken }: World): Fact[] {
  const { now, starts, tuning } = state;
  const { line, served } = namesOf(state, scheduler);
  const used = Object.entries(options.limits).map(([type, limit]) =>
    limit === Infinity ? 0 : (made[type as keyof typeof made] ?? 0),
  );
  return [
    ...used,
    Math.min(exits, options.maxExits),
    plansTaken,
    state.paused,
    state.closing,
    state.closed,
    state.refused,
    state.minWorkers,
    state.maxWorkers,
    state.surge,
    state.replacing === null,
    starts.failures,
    Math.max(0, starts.until - now),
    Math.min(now - state.warmSince, tuning.growthWait),
    scheduler.nextDeadline() - now,
    scheduler.depth,
    line,
    served,
  ];
}

function factsOfWorker(world: World, worker: WorldWorker, ages: ReadonlyMap<WorldTask, number>): string {
  const { state, scheduler, options } = world;
  const { now } = state;
  const seen = scheduler.workers.get(worker.id);
  return [
    worker.told,
    worker.reason,
    worker.ready,
    options.abilities.indexOf(worker.abilities),
    worker.held.map((task) => ages.get(task)).join('+'),
    worker.damaged.map((task) => ages.get(task)).join('+'),
    options.core.isolateTenants && worker.tenant,
    options.core.isolateTenants && worker.tenant !== null && Math.min(now - worker.boundAt, state.tuning.tenantTurn),
    ageOf(state, worker),
    Math.min(worker.tasksDone, options.core.maxTasksPerWorker === Infinity ? 1 : Infinity),
    worker.stepDue - now,
    worker.livenessDue - now,
    worker.awaitsPong,
    worker.awaitsPong && worker.pinged,
    worker.awaitsLook,
    state.replacing?.has(worker.id),
    seen?.code,
    seen?.due,
    seen?.stopStep,
    (seen?.deadline ?? 0) - now,
    (seen?.expiresAt ?? 0) - now,
    seen?.pingUnanswered,
    seen?.stoppedLooks,
    options.core.sendAhead && seen?.lastReadAt === now,
  ].join();
}

/** Tenants in line, and those that are served and for how long, in the order in which the scheduler looks at them. */
function namesOf(state: WorldState, scheduler: World['scheduler']): { line: string; served: string } {
  const line: string[] = [];
  for (let each = scheduler.tenants?.line.first; each !== undefined; each = each.after) line.push(each.name);
  const served = [...(scheduler.tenants?.served.keys() ?? [])].map(
    ({ name, servedSince }) => `${name}${Math.min(state.now - servedSince, state.tuning.growthWait)}`,
  );
  return { line: line.join('+'), served: served.join('+') };
}

/** How long the worker has been idle, or has run its task, as far as anything hangs on it. */
function ageOf({ now, options, tuning }: WorldState, { held, idleSince, headSince }: WorldWorker): number {
  if (held.length === 0) {
    const turn = options.core.isolateTenants ? Math.min(now - idleSince, tuning.tenantTurn) : 0;
    return options.core.idleTimeout === Infinity ? turn : now - idleSince;
  }
  return options.core.sendAhead ? Math.min(now - headSince, tuning.recallAfter) : 0;
}

function factsOfTask({ state }: World, task: WorldTask, ages: ReadonlyMap<WorldTask, number>): Fact[] {
  const { now, tuning } = state;
  return [
    wordsOf(task.plan),
    task.place,
    task.told,
    task.begun,
    task.everSent,
    task.charged,
    task.crashes,
    task.bounces,
    task.place === 'delayed' ? task.delayedUntil - now : 0,
    task.due - now,
    task.overTime,
    task.cancelled,
    task.recalled,
    task.drawn,
    task.live,
    task.count,
    task.batch === null ? null : ages.get(task.batch),
    task.queueDeadline - now,
    Math.min(now - task.queuedAt, tuning.growthWait),
  ];
}

const known = new WeakMap<TaskPlan, string>();

/** Tasks of equal plans have equal futures. */
function wordsOf(plan: TaskPlan): string {
  let words = known.get(plan);
  if (words === undefined) {
    words = JSON.stringify(plan);
    known.set(plan, words);
  }
  return words;
}
