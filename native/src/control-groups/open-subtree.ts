import { OsControlError } from '../os-control-error.js';
import type { GroupSystem } from './group-system.js';
import { pidsIn } from './group-text.js';
import { type Controller, MAIN_CONTROLLERS } from './group-version.js';
import { processStat } from './process-stat.js';
import { doneUnless, isRefusal } from './refusal.js';
import { notAlone, notEnabled, whyRefused } from './remedies.js';

/** The leaf that holds us when we had to make room: version 2 wants a group's processes in its leaves. */
const SELF = 'ostler-self';

/** Which controllers groups below a folder can use, and why not the others. */
export interface Subtree {
  readonly folder: string;
  readonly missing: Readonly<Partial<Record<Controller, string>>>;
}

/**
 * Enables the controllers for groups below our own group (version 2). When the kernel wants its processes in a leaf for
 * that, all of them move to one, if they are one tree: those that descend from the topmost that we descend from.
 */
export function openSubtree(system: GroupSystem, ownFolder: string): Subtree {
  const folder = ownFolder.endsWith(`/${SELF}`) ? ownFolder.slice(0, -SELF.length - 1) : ownFolder;
  const offered = system.read(`${folder}/cgroup.controllers`).trim().split(' ');
  const missing: Partial<Record<Controller, string>> = {};
  for (const controller of MAIN_CONTROLLERS) {
    const reason = offered.includes(controller)
      ? whyNotEnabled(system, folder, controller)
      : notEnabled(controller, folder);
    if (reason !== undefined) missing[controller] = reason;
  }
  return { folder, missing };
}

function whyNotEnabled(system: GroupSystem, folder: string, controller: Controller): string | undefined {
  const path = `${folder}/cgroup.subtree_control`;
  if (system.read(path).trim().split(' ').includes(controller)) return undefined;
  try {
    if (doneUnless(['EBUSY'], () => system.write(path, `+${controller}`))) return undefined;
    const strangers = strangersIn(system, folder);
    if (strangers.length > 0) return notAlone(folder, strangers);
    moveToLeaf(system, folder);
    system.write(path, `+${controller}`);
    return undefined;
  } catch (error) {
    if (error instanceof OsControlError) return whyRefused(error, { version: 2, folder });
    throw error;
  }
}

/** The processes of a group that are no part of the tree in it that we are a part of; 0 for hidden ones. */
function strangersIn(system: GroupSystem, folder: string): number[] {
  const pids = system.read(`${folder}/cgroup.procs`).split('\n').filter(Boolean).map(Number);
  const above = ancestorsOf(system, system.pid).filter((pid) => pids.includes(pid));
  const top = above.at(-1) ?? system.pid;
  return pids.filter((pid) => pid !== top && !ancestorsOf(system, pid).includes(top));
}

/** From the parent upwards. One that ended meanwhile has none. */
function ancestorsOf(system: GroupSystem, pid: number): number[] {
  const ancestors: number[] = [];
  try {
    for (let next = pid; next > 0; ancestors.push(next)) next = processStat(system, next).parent;
  } catch (error) {
    if (!isRefusal(error, 'ENOENT', 'ESRCH')) throw error;
  }
  return ancestors;
}

/** Moves every process of a group to its leaf; again while processes that were moved too late have started others. */
function moveToLeaf(system: GroupSystem, folder: string): void {
  const leaf = `${folder}/${SELF}`;
  doneUnless(['EEXIST'], () => system.makeFolder(leaf));
  for (let pids = pidsIn(system.read(`${folder}/cgroup.procs`)); pids.length > 0; ) {
    for (const pid of pids) doneUnless(['ESRCH'], () => system.write(`${leaf}/cgroup.procs`, String(pid)));
    pids = pidsIn(system.read(`${folder}/cgroup.procs`));
  }
}
