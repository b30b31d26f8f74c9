import { demand } from './property-violation.js';
import type { WorldState } from './world-state.js';
import type { WorldTask } from './world-task.js';

/** Lets a deadline pass: back-offs that are over end; tasks that are over time are cancelled, or their worker is told harder. */
export function noteOverTime(world: WorldState, pass: () => void): void {
  const { now, tasks, options } = world;
  const running = [...tasks.values()].filter((task) => task.place === 'held' && task.due <= now);
  const ignored = running.filter(({ told, overTime }) => told !== null || overTime);
  const overTime = running.filter((task) => !ignored.includes(task));
  for (const task of tasks.values()) if (task.place === 'delayed' && task.delayedUntil <= now) task.place = 'waiting';
  pass();
  for (const task of ignored) {
    const told = task.worker?.told;
    demand(
      told === 'terminated' || told === 'killed',
      'who does not let go is stopped',
      `t${task.name} after its grace`,
    );
    task.due = Infinity;
  }
  for (const task of overTime)
    if (task.told === null) waitForRelease(task, now + graceOf(task, options.core.killGrace));
}

/** Its caller was not told, so it must be that it will run again once the worker has let go of it. */
function waitForRelease(task: WorldTask, graceEnds: number): void {
  demand(task.mayRetry('timeout'), 'run times are kept', `t${task.name}`);
  const able = task.worker?.abilities.cancel === true;
  demand(!able || task.cancelled, 'run times are kept', `t${task.name} was not cancelled`);
  task.overTime = true;
  task.due = graceEnds;
}

function graceOf(task: WorldTask, killGrace: number): number {
  return task.worker?.abilities.cancel === true ? killGrace : 0;
}
