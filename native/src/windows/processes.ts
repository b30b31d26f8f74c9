import { constants } from 'node:os';
import type { WindowsBinding } from '../binding.js';
import { requireWindows } from '../load.js';
import { asOsControl, OsControlError } from '../os-control-error.js';
import type { ProcessSystem } from '../process-system.js';

/** As a process ends that SIGKILL ends on other systems. */
const KILLED = 1;

function binding(): WindowsBinding {
  return requireWindows('processInfo').binding;
}

/** Undefined for a process that is gone. */
function ifLive<T>(pid: number, ask: () => T): T | undefined {
  try {
    return asOsControl(ask, { pid });
  } catch (error) {
    if (error instanceof OsControlError && error.errno === constants.errno.ESRCH) return undefined;
    throw error;
  }
}

function identityOf(pid: number): number | undefined {
  return ifLive(pid, () => binding().processTimes(pid).startTime);
}

/** Whether a process that names this parent is its child: the number may have been given away since, to one that started later. */
function isSince(start: number, pid: number): boolean {
  try {
    const its = identityOf(pid);
    return its !== undefined && its >= start;
  } catch {
    return true; // another user's
  }
}

function startOf(pid: number): number {
  try {
    return identityOf(pid) ?? 0;
  } catch {
    return 0;
  }
}

/** A process keeps the number of its parent when that has ended. */
function childrenOf(pid: number): number[] {
  const start = startOf(pid);
  const children = asOsControl(() => binding().processes()).filter(([, parent]) => parent === pid);
  return children.map(([child]) => child).filter((child) => child !== pid && isSince(start, child));
}

function memoryOf(pid: number, name: 'resident' | 'peak' | 'committed'): number | null {
  try {
    return binding().processMemory(pid)[name] || null;
  } catch {
    return null; // it has ended, is another user's, or the addon is absent
  }
}

/** Processes by handles and snapshots. */
export const windowsProcesses: ProcessSystem = {
  finds: 'OpenProcess',
  statOf: (pid) =>
    ifLive(pid, () => {
      const times = binding().processTimes(pid);
      const entry = binding()
        .processes()
        .find(([each]) => each === pid);
      return { state: '', parentPid: entry?.[1] ?? 0, threads: entry?.[2] ?? 0, ...times };
    }),
  identityOf,
  cpuMsOf: (pid) => ifLive(pid, () => binding().processTimes(pid).cpuMs),
  scheduledIn: (pid) => (identityOf(pid) === undefined ? [] : [pid]),
  childrenOf,
  residentMemory: (pid) => memoryOf(pid, 'resident'),
  peakMemory: (pid) => memoryOf(pid, 'peak'),
  privateMemory: (pid) => memoryOf(pid, 'committed'),
  stop: (pid) => asOsControl(() => binding().suspend(pid), { pid }),
  goOn: (pid) => asOsControl(() => binding().resume(pid), { pid }),
  kill: (pid) => asOsControl(() => binding().terminate(pid, KILLED), { pid }),
  isStopped: (pid) => ifLive(pid, () => binding().isSuspended(pid)) ?? false,
};
