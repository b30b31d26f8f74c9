import type { Binding } from './binding.js';
import { checkPid } from './check-pid.js';
import { requireAddon } from './load.js';
import { asOsControl } from './os-control-error.js';
import { getOfThreads, type Reach, setForThreads, type ThreadAttribute } from './threads.js';

/**
 * Lets all threads of a process, present and future, run on these CPUs only; global numbers. Throws a RangeError for what is
 * no list of CPU numbers; an OsControlError, and changes nothing: EINVAL where one of them does not exist or may not be used,
 * EPERM for another user's process, ESRCH for one that is gone. See sched_setaffinity(2), SetProcessAffinityMask.
 */
export function setAffinity(pid: number, cpus: readonly number[], reach: Reach = {}): void {
  const sorted = checkCpus(cpus);
  const attribute = attributeOf(requireAddon('setAffinity').binding);
  setForThreads(checkPid(pid), sorted, { attribute, reach });
}

/** The CPUs on which all threads of a process may run, in ascending order, or null where they differ. OsControlError as `setAffinity`. */
export function getAffinity(pid: number): number[] | null {
  return getOfThreads(checkPid(pid), attributeOf(requireAddon('getAffinity').binding)) ?? null;
}

function attributeOf(binding: Binding): ThreadAttribute<number[]> {
  return {
    isSame,
    get: (thread) => asOsControl(() => binding.cpusOf(thread), { pid: thread }),
    set: (thread, cpus) =>
      asOsControl(() => binding.setCpus(thread, cpus.map(asInt)), {
        pid: thread,
        about: `CPUs ${cpus.join(',')}`,
      }),
  };
}

/** A number that no CPU has stays one that no CPU has. */
function asInt(cpu: number): number {
  return Math.min(cpu, 0x7fff_ffff);
}

function checkCpus(cpus: readonly number[]): number[] {
  const sorted = Array.isArray(cpus) ? [...new Set<number>(cpus)].sort((a, b) => a - b) : [];
  const bad = sorted.find((cpu) => !Number.isInteger(cpu) || cpu < 0);
  if (sorted.length > 0 && bad === undefined) return sorted;
  throw new RangeError(`cpus: expected at least one CPU number, got ${bad === undefined ? String(cpus) : String(bad)}`);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((cpu, i) => cpu === b[i]);
}
