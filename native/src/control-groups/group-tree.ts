import type { GroupSystem } from './group-system.js';
import { pidsIn } from './group-text.js';
import { doneUnless, isRefusal } from './refusal.js';

/** A folder that isn't there, or that goes while we use it: who guards a worker may remove its group at the same time. */
const GONE = ['ENOENT', 'ENODEV'] as const;

/** The processes in a group's folders and in all folders below them; none where a folder is gone. */
export function pidsBelow(system: GroupSystem, folders: readonly string[]): number[] {
  return [...new Set(folders.flatMap((folder) => pidsOfTree(system, folder)))];
}

function pidsOfTree(system: GroupSystem, folder: string): number[] {
  try {
    const own = pidsIn(system.read(`${folder}/cgroup.procs`));
    return [...own, ...system.folders(folder).flatMap((child) => pidsOfTree(system, `${folder}/${child}`))];
  } catch (error) {
    if (isRefusal(error, ...GONE)) return [];
    throw error;
  }
}

/** Kills every process in a group's folders and below them. They end soon after. */
export function killTree(system: GroupSystem, folders: readonly string[]): void {
  const atOnce = folders.map((folder) => `${folder}/cgroup.kill`).find(system.exists);
  if (atOnce !== undefined) {
    doneUnless(GONE, () => system.write(atOnce, '1'));
    return;
  }
  withoutForks(system, folders, () => killAll(system, () => pidsBelow(system, folders)));
}

/** A fork bomb could stay ahead of who kills one process after the other. */
function withoutForks(system: GroupSystem, folders: readonly string[], action: () => void): void {
  const path = folders.map((folder) => `${folder}/pids.max`).find(system.exists);
  if (path === undefined) {
    action();
    return;
  }
  doneUnless(GONE, () => {
    const former = system.read(path).trim();
    system.write(path, '0');
    action();
    system.write(path, former);
  });
}

/** Kills what a list shows until it shows nothing new: a process that was killed can't fork any more, its children may. */
function killAll(system: GroupSystem, list: () => number[]): void {
  const killed = new Set<number>();
  for (;;) {
    const fresh = list().filter((pid) => !killed.has(pid));
    if (fresh.length === 0) return;
    for (const pid of fresh) {
      killed.add(pid);
      doneUnless(['ESRCH'], () => system.signal(pid, 'SIGKILL'));
    }
  }
}

/** Removes a group's folders and what is below them; false while a process is left in one. Folders that are gone are no error. */
export function removeTree(system: GroupSystem, folders: readonly string[]): boolean {
  return folders.map((folder) => removeFolders(system, folder)).every(Boolean);
}

function removeFolders(system: GroupSystem, folder: string): boolean {
  if (!system.exists(folder)) return true;
  const below = system.folders(folder).map((child) => `${folder}/${child}`);
  if (!removeTree(system, below)) return false;
  return doneUnless(['EBUSY'], () => doneUnless(GONE, () => system.removeFolder(folder)));
}
