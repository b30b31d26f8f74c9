import type { GuardLimits } from '@ostler/native';
import type { Priority } from '../pool-options.js';
import type { Limits } from './limits.js';

/** As libuv's constants have them (see `os.constants.priority`); idle work has its own policy beside that (sched(7)). */
const PRIORITIES: Readonly<Record<Priority, GuardLimits>> = {
  idle: { nice: 19, policy: 'idle' },
  'below-normal': { nice: 10 },
  normal: { nice: 0 },
  'above-normal': { nice: -7 },
  high: { nice: -14 },
};

/** What a guard can set of a worker's limits; the rest is for control groups. */
export function guardLimitsOf({ priority, cpus }: Pick<Limits, 'priority' | 'cpus'>): GuardLimits {
  return { cpus, ...(priority === undefined ? {} : PRIORITIES[priority]) };
}
