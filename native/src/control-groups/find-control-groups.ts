import { load } from '../load.js';
import { OsControlError } from '../os-control-error.js';
import { JobDriver } from '../windows/jobs/job-driver.js';
import { findBases } from './bases.js';
import { type ControlGroupDriver, GROUP_LIMITS } from './control-group.js';
import { FolderDriver } from './folder-driver.js';
import { type GroupSystem, thisSystem } from './group-system.js';
import { NOTHING_MOUNTED } from './remedies.js';

/** The control groups that this process may use, or why there are none. */
export type ControlGroups = ControlGroupDriver | { readonly reason: string };

let found: ControlGroups | undefined;

/**
 * Finds the control groups that this process may use: version 2 where one of its limits works, else version 1. What
 * works is tried once per process; with version 2 that may move this process, and what is around it in the same
 * group, into a leaf of that group. On Windows they are job objects. `OSTLER_NATIVE=off` in the environment makes them absent.
 */
export function findControlGroups(): ControlGroups {
  found ??= isAbsent() ?? (process.platform === 'win32' ? new JobDriver() : controlGroupsOf(thisSystem));
  return found;
}

function isAbsent(): ControlGroups | undefined {
  if (process.env.OSTLER_NATIVE === 'off') return { reason: 'OSTLER_NATIVE=off is set' };
  if (process.platform === 'linux') return undefined;
  if (process.platform !== 'win32') return { reason: `${process.platform} has no control groups` };
  const native = load();
  return native.binding === undefined ? { reason: `the addon is absent: ${native.reason}` } : undefined;
}

/** The control groups of a system. */
export function controlGroupsOf(system: GroupSystem): ControlGroups {
  try {
    return firstUsable(system);
  } catch (error) {
    // Such as /proc that isn't mounted.
    if (error instanceof OsControlError) return { reason: error.message };
    throw error;
  }
}

function firstUsable(system: GroupSystem): ControlGroups {
  let reason = NOTHING_MOUNTED;
  for (const bases of findBases(system)) {
    const driver = new FolderDriver(system, bases);
    const [limit] = GROUP_LIMITS.map((name) => driver.support[name]).filter((support) => !support.available);
    if (GROUP_LIMITS.some((name) => driver.support[name].available)) return driver;
    // With both versions mounted, the last is the one that has the controllers.
    if (limit?.available === false) reason = limit.reason;
  }
  return { reason };
}
