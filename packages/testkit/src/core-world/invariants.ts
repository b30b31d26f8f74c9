import { dueTimes } from './due-times.js';
import { checkPoolSize } from './pool-size.js';
import { demand } from './property-violation.js';
import { tenantsOf } from './tenants.js';
import { checkWaiting } from './waiting-checks.js';
import type { WorldState } from './world-state.js';

/** What must hold whenever the scheduler has finished with an event. */
export function checkInvariants(world: WorldState): void {
  for (const task of world.tasks.values()) {
    const isOpen = task.place === 'limbo' || task.place === 'drawn';
    const isUntold = task.place === 'damaged' && task.told === null && !task.overTime;
    demand(!isOpen && !isUntold, 'every task settles once', `t${task.name} is forgotten`);
  }
  checkWorkers(world);
  checkCounts(world);
  checkDeadlines(world);
  checkWaiting(world);
  checkPoolSize(world);
  tenantsOf(world).check();
  checkEnd(world);
}

/** The scheduler sees the workers as they are. */
function checkWorkers(world: WorldState): void {
  const { workers, tasks } = world.scheduler();
  demand(workers.total === world.workers.size, 'the scheduler sees the truth', `${workers.total} workers`);
  let listed = 0;
  for (const worker of world.workers.values()) {
    const seen = workers.get(worker.id);
    const { held, told, ready } = worker;
    const leaves = told !== null || world.isDraining(worker);
    const state = leaves ? 'stopping' : !ready ? 'starting' : held.length > 0 ? 'busy' : 'idle';
    demand(seen?.state === state, 'the scheduler sees the truth', `w${worker.id} is ${state}, not ${seen?.state}`);
    demand(seen.inFlight.length === held.length, 'the scheduler sees the truth', `w${worker.id} holds ${held.length}`);
    const kept = seen.damaged.join() === worker.damaged.map(({ slot }) => slot).join();
    demand(kept, 'the scheduler sees the truth', `w${worker.id} keeps ${worker.damaged.length}`);
    for (const [index, task] of held.entries()) {
      demand(
        seen.inFlight.at(index) === task.slot,
        'the scheduler sees the truth',
        `w${worker.id} holds t${task.name}`,
      );
      const expected = task.told !== null || task.overTime ? 'cancelling' : 'sent';
      const state = tasks.stateOf(task.slot);
      demand(state === expected, 'the scheduler sees the truth', `t${task.name} is ${expected}, not ${state}`);
    }
  }
  for (const state of ['starting', 'idle', 'busy', 'stopping'] as const) listed += workers[state].length;
  demand(listed === workers.total, 'the scheduler sees the truth', `${listed} workers in its lists`);
}

function checkCounts(world: WorldState): void {
  const { tally, queue, running } = world.scheduler();
  for (const [name, count] of Object.entries(world.counts)) {
    const told = tally.tasks[name as keyof typeof world.counts];
    demand(told === count, 'the counts add up', `${name} ${told} instead of ${count}`);
  }
  const { submitted, succeeded, failed, crashed, timedOut, aborted, rejected } = tally.tasks;
  const sum = queue.size + running + succeeded + failed + crashed + timedOut + aborted + rejected;
  demand(submitted === sum, 'the counts add up', `${submitted} submitted, ${sum} accounted for`);
}

function checkDeadlines(world: WorldState): void {
  const next = world.scheduler().nextDeadline();
  for (const [what, at] of dueTimes(world)) {
    demand(
      next <= at,
      'no deadline comes too late',
      `${what} is due in ${at - world.now}, not in ${next - world.now} ms`,
    );
  }
}

function checkEnd(world: WorldState): void {
  const { closing, closed, workers, tasks } = world;
  if (closing === false) return;
  const over = workers.size === 0 && tasks.size === 0;
  demand(over === closed, 'closed means closed', `${workers.size} workers, ${tasks.size} tasks, closed ${closed}`);
  demand(!over || world.scheduler().nextDeadline() === Infinity, 'closed means closed', 'a deadline is armed');
  const waits = [...tasks.values()].some(({ isInWorker, waitingItems }) => !isInWorker && waitingItems > 0);
  demand(closing === 'drain' || !waits, 'closed means closed', 'a task waits after destroy');
}
