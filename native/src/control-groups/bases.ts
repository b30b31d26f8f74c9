import { OsControlError } from '../os-control-error.js';
import type { GroupSystem } from './group-system.js';
import type { Controller, Places } from './group-version.js';
import { MAIN_CONTROLLERS } from './group-version.js';
import { folderOfGroup, type GroupMount, parseMounts, parseOwnGroups } from './mounts.js';
import { openSubtree } from './open-subtree.js';
import { notMounted, notVisible, whyRefused } from './remedies.js';

/** Below which folders a version of control groups lets us make groups, and why not for other controllers. */
export interface Bases {
  readonly version: 1 | 2;
  readonly places: Places;
  readonly missing: Readonly<Partial<Record<Controller, string>>>;
}

/** This process's own groups, version 2 first; only versions that are mounted. */
export function findBases(system: GroupSystem): Bases[] {
  const mounts = parseMounts(system.read('/proc/self/mountinfo'));
  const own = parseOwnGroups(system.read('/proc/self/cgroup'));
  const unified = mounts.filter((mount) => mount.version === 2);
  const legacy = mounts.filter((mount) => mount.version === 1);
  return [
    ...(unified.length > 0 ? [basesOfVersion2(system, unified, own.get('') ?? '/')] : []),
    ...(legacy.length > 0 ? [basesOfVersion1(legacy, own)] : []),
  ];
}

function basesOfVersion2(system: GroupSystem, mounts: readonly GroupMount[], group: string): Bases {
  const own = ownFolder(mounts, group);
  if ('reason' in own) return nowhere(own.reason);
  try {
    const { folder, missing } = openSubtree(system, own.folder);
    const usable = MAIN_CONTROLLERS.filter((controller) => missing[controller] === undefined);
    // CPU time is counted in every group.
    const places = Object.fromEntries([...usable, 'cpuacct'].map((controller) => [controller, folder]));
    return { version: 2, places, missing };
  } catch (error) {
    if (error instanceof OsControlError) return nowhere(whyRefused(error, { version: 2, folder: own.folder }));
    throw error;
  }
}

function nowhere(reason: string): Bases {
  return { version: 2, places: {}, missing: { memory: reason, cpu: reason, pids: reason } };
}

function basesOfVersion1(mounts: readonly GroupMount[], own: ReadonlyMap<string, string>): Bases {
  const places: Partial<Record<Controller, string>> = {};
  const missing: Partial<Record<Controller, string>> = {};
  for (const controller of [...MAIN_CONTROLLERS, 'cpuacct'] as const) {
    const candidates = mounts.filter((mount) => mount.controllers.includes(controller));
    const group = own.get(controller);
    const found = candidates.length > 0 && group !== undefined ? ownFolder(candidates, group) : undefined;
    if (found === undefined) missing[controller] = notMounted(controller);
    else if ('reason' in found) missing[controller] = found.reason;
    else places[controller] = found.folder;
  }
  return { version: 1, places, missing };
}

/** A hierarchy may be mounted more than once; one that can be written to comes first. */
function ownFolder(mounts: readonly GroupMount[], group: string): { folder: string } | { reason: string } {
  const byUse = [...mounts].sort((a, b) => Number(a.readOnly) - Number(b.readOnly));
  for (const mount of byUse) {
    const folder = folderOfGroup(mount, group);
    if (folder !== undefined) return { folder };
  }
  return { reason: notVisible(byUse.map((mount) => mount.folder).join(', '), group) };
}
