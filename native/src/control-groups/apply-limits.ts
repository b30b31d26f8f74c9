import { constants } from 'node:os';
import { OsControlError } from '../os-control-error.js';
import { GROUP_LIMITS, type GroupLimit, type GroupLimits, type Support } from './control-group.js';
import { LEAST_CPU_RATE } from './cpu-bandwidth.js';
import type { GroupSystem } from './group-system.js';
import type { LimitWrite } from './group-version.js';

/** Throws a RangeError for what can't be a limit. */
export function checkLimits({ memory, cpuRate, maxProcesses }: GroupLimits): void {
  if (memory !== undefined && !(Number.isSafeInteger(memory) && memory > 0)) {
    throw new RangeError(`memory must be a whole number of bytes above 0, got ${memory}`);
  }
  if (cpuRate !== undefined && !(Number.isFinite(cpuRate) && cpuRate >= LEAST_CPU_RATE)) {
    throw new RangeError(`cpuRate must be a number of CPUs of at least ${LEAST_CPU_RATE}, got ${cpuRate}`);
  }
  if (maxProcesses !== undefined && !(Number.isSafeInteger(maxProcesses) && maxProcesses > 0)) {
    throw new RangeError(`maxProcesses must be a whole number above 0, got ${maxProcesses}`);
  }
}

/** Throws an OsControlError for a limit that does not work here. */
export function checkSupport(limits: GroupLimits, support: Readonly<Record<GroupLimit, Support>>): void {
  for (const limit of GROUP_LIMITS) {
    const here = support[limit];
    if (limits[limit] === undefined || here.available) continue;
    throw new OsControlError({ syscall: `limit ${limit}`, errno: constants.errno.ENOTSUP, about: here.reason });
  }
}

/** Writes what does not hold yet, and reads it back. When one is refused, those before it get their former values. */
export function applyLimits(system: GroupSystem, writes: readonly LimitWrite[]): void {
  const former: { path: string; text: string }[] = [];
  try {
    for (const { path, text, holds } of writes) {
      const before = system.read(path).trim();
      if (before === text) continue;
      system.write(path, text);
      former.unshift({ path, text: before });
      const readBack = system.read(path);
      if (!holds(readBack)) throw notTaken(path, text, readBack);
    }
  } catch (error) {
    for (const { path, text } of former) system.write(path, text);
    throw error;
  }
}

function notTaken(path: string, text: string, readBack: string): OsControlError {
  const about = `wrote ${text}, but it reads ${readBack.trim()}`;
  return new OsControlError({ syscall: `write ${path}`, errno: constants.errno.EINVAL, about });
}
