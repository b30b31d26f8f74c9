import { type GuardLimits, schedulingOf } from '@ostler/native';
import type { Limits } from './limits.js';

/** What a guard can set of a worker's limits; the rest is for control groups. */
export function guardLimitsOf({ priority, cpus }: Pick<Limits, 'priority' | 'cpus'>): GuardLimits {
  if (priority === undefined) return { cpus };
  const { nice, policy } = schedulingOf(priority);
  return { cpus, nice, policy: policy === 'other' ? undefined : policy };
}
