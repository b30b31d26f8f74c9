import { demand } from './property-violation.js';
import { tenantsOf } from './tenants.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';

/** Enough workers, and none too many. */
export function checkPoolSize(world: WorldState): void {
  if (world.closing === false) {
    checkMinimum(world);
    checkSurplus(world);
    checkDue(world);
  }
  checkStarts(world);
}

/** More could be started now. */
function canStart(world: WorldState): boolean {
  const { starts, options, places, now } = world;
  const atOnce = starts.failures > 0 ? 1 : options.core.maxStarting;
  return places > 0 && starts.until <= now && world.scheduler().workers.starting.length < atOnce;
}

function staying(world: WorldState): number {
  const { starting, warm } = world.scheduler().workers;
  return starting.length + warm;
}

function checkMinimum(world: WorldState): void {
  const runnable = [...world.tasks.values()].some((task) => world.isRunnable(task));
  if (world.starts.broken && staying(world) === 0 && !runnable) return;
  const missing = world.minimum - world.stayingForGood();
  if (missing <= 0) return;
  demand(!canStart(world), 'never fewer workers than the minimum', `${missing} missing`);
  const waitsForRoom = world.room <= 0;
  const waitsForStart = world.scheduler().workers.starting.length > 0;
  const armed = world.scheduler().nextDeadline() <= world.starts.until;
  demand(
    waitsForRoom || waitsForStart || armed,
    'never fewer workers than the minimum',
    `${missing} missing, nothing armed`,
  );
}

function checkSurplus(world: WorldState): void {
  const { workers } = world.scheduler();
  const most = world.maxWorkers + world.surge;
  demand(staying(world) <= most, 'a lower maximum retires workers', `${staying(world)} stay, ${most} may`);
  const spare = world.stayingForGood() - world.minimum;
  for (const { idleSince, id, due } of workers.idle) {
    const overTime = idleSince + world.options.core.idleTimeout <= world.now;
    const stays = spare <= 0 && (!world.isolatesTenants || world.workers.get(id)?.tenant === null);
    demand(!overTime || stays || due !== null, 'idle workers leave', `w${id}`);
  }
}

/** Who is due leaves as soon as that delays nobody, or at once where no successor has room. From a pool that closes all leave. */
function checkDue(world: WorldState): void {
  const { workers } = world.scheduler();
  const staying = [...workers].filter(({ reason }) => reason === null);
  const due = staying.filter((worker) => worker.due !== null);
  if (due.length === 0) return;
  const fresh = staying.filter((worker) => worker.due === null && worker.everReady);
  const awaited = fresh.length < world.minimum && (world.room > 0 || workers.starting.length > 0);
  demand(awaited, 'who is due leaves', `w${due[0]?.id}`);
}

/** Whoever waits for long, or for nobody, gets another worker where there is room for one. */
function checkStarts(world: WorldState): void {
  const { now, tuning, paused, warmSince } = world;
  if (paused || !canStart(world)) return;
  const runnable = [...world.tasks.values()].filter((task) => world.isRunnable(task));
  if (runnable.length === 0) return;
  demand(staying(world) > 0, 'nobody waits for nothing', `${runnable.length} wait, and nobody is started`);
  const { starting, warm } = world.scheduler().workers;
  const items = runnable.reduce((sum, { waitingItems }) => sum + waitingItems, 0);
  if (warm === 0 || starting.length * world.options.core.concurrency >= items) return;
  if (world.isolatesTenants) {
    checkStartsOfTenants(world, runnable);
    return;
  }
  const oldest = Math.min(...runnable.map(({ queuedAt }) => queuedAt));
  const since = Math.max(oldest, warmSince);
  demand(now < since + tuning.growthWait, 'pressure starts workers', `somebody has waited for ${now - since} ms`);
  const next = world.scheduler().nextDeadline();
  demand(
    next <= since + tuning.growthWait,
    'no deadline comes too late',
    `growth is due in ${since + tuning.growthWait - now}`,
  );
}

/** A tenant without a worker gets one started at once, any other under pressure. */
function checkStartsOfTenants(world: WorldState, runnable: readonly WorldTask[]): void {
  const { now, tuning } = world;
  const tenants = tenantsOf(world);
  const starting = world.scheduler().workers.starting.length;
  const unserved = tenants.unserved();
  demand(starting >= unserved.length, 'nobody waits for nothing', `'${unserved[0]}', and nobody is started`);
  for (const tenant of tenants.waiting()) {
    if (!tenants.isServed(tenant) || starting > unserved.length) continue;
    const oldest = Math.min(...runnable.filter((task) => task.tenant === tenant).map(({ queuedAt }) => queuedAt));
    const since = Math.max(oldest, tenants.servedSince(tenant));
    demand(now < since + tuning.growthWait, 'pressure starts workers', `'${tenant}' has waited for ${now - since} ms`);
  }
}
