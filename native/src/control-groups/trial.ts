import { OsControlError } from '../os-control-error.js';
import type { Bases } from './bases.js';
import type { GroupLimit, GroupLimits, Support } from './control-group.js';
import type { GroupSystem } from './group-system.js';
import type { Controller, GroupVersion, Places } from './group-version.js';
import { makePoolGroup } from './pool-group.js';
import { whyRefused } from './remedies.js';

/** Version 1 refuses a rate above that of the group above, so the trial's is small. */
const TRIALS: Readonly<Record<Controller, GroupLimits>> = {
  memory: { memory: 64 * 1_048_576 },
  cpu: { cpuRate: 0.01 },
  pids: { maxProcesses: 100 },
  cpuacct: {},
};

const AVAILABLE: Support = { available: true };
const UNTRIED = { memory: AVAILABLE, cpuRate: AVAILABLE, maxProcesses: AVAILABLE };

/** The folders where controllers did what they should, and what that means for each limit. */
export interface Proof {
  readonly places: Places;
  readonly support: Readonly<Record<GroupLimit, Support>>;
}

/** Tries each controller alone: makes a group with a child, limits the child, reads it back, removes both. */
export function prove(system: GroupSystem, version: GroupVersion, bases: Bases): Proof {
  const places: Partial<Record<Controller, string>> = {};
  const missing: Partial<Record<Controller, string>> = { ...bases.missing };
  for (const [controller, folder] of Object.entries(bases.places) as [Controller, string][]) {
    const reason = whyNot(system, version, { controller, folder });
    if (reason === undefined) places[controller] = folder;
    else missing[controller] = reason;
  }
  const supportBy = (controller: Controller): Support =>
    places[controller] !== undefined
      ? AVAILABLE
      : { available: false, reason: missing[controller] ?? 'it was not found' };
  const support = { memory: supportBy('memory'), cpuRate: supportBy('cpu'), maxProcesses: supportBy('pids') };
  return { places, support };
}

function whyNot(
  system: GroupSystem,
  version: GroupVersion,
  { controller, folder }: { controller: Controller; folder: string },
): string | undefined {
  try {
    const group = makePoolGroup({ system, version, support: UNTRIED }, { [controller]: folder }, 'trial');
    try {
      group.createChild('worker').setLimits(TRIALS[controller]);
    } finally {
      group.remove();
    }
    return undefined;
  } catch (error) {
    if (error instanceof OsControlError) return whyRefused(error, { version: version.version, folder });
    throw error;
  }
}
