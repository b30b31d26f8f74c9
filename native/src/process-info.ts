import { constants } from 'node:os';
import { checkPid } from './check-pid.js';
import { OsControlError } from './os-control-error.js';
import { processes, processesBelow } from './processes.js';

/** What the system says of a live process; null for what it does not tell us. Sizes in bytes. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  /** R runs, S sleeps, D waits for a device, T is stopped, t is traced, Z has ended; '' on Windows, which does not tell. */
  readonly state: string;
  /** Unix milliseconds. */
  readonly startTime: number;
  /** CPU time of all its threads, user and system, to 10 ms (Windows: 100 ns). */
  readonly cpuMs: number;
  readonly threads: number;
  /** Physical memory, also what it shares with others. */
  readonly memory: number | null;
  /** Memory that nobody else uses: what its end would give back. In RAM; on Windows, what it has committed. */
  readonly privateMemory: number | null;
  /** The most physical memory that it ever had. */
  readonly peakMemory: number | null;
}

/** A process and all that is below it, in sum. */
export interface TreeInfo {
  readonly pids: readonly number[];
  readonly cpuMs: number;
  readonly privateMemory: number;
}

/** Looks a process up in /proc (proc_pid_stat(5), proc_pid_smaps(5)); on Windows, GetProcessTimes and GetProcessMemoryInfo. Throws an OsControlError, ESRCH for one that is gone. */
export function processInfo(pid: number): ProcessInfo {
  const stat = processes.statOf(checkPid(pid));
  if (stat === undefined) throw new OsControlError({ syscall: processes.finds, errno: constants.errno.ESRCH, pid });
  return {
    pid,
    ...stat,
    memory: processes.residentMemory(pid),
    privateMemory: privateMemory(pid),
    peakMemory: peakMemory(pid),
  };
}

/** Sums up a process and all that is below it. Throws an OsControlError, ESRCH for one that is gone. */
export function treeInfo(pid: number): TreeInfo {
  const top = processInfo(pid);
  const sum = { pids: [pid], cpuMs: top.cpuMs, privateMemory: top.privateMemory ?? 0 };
  for (const each of processesBelow(pid)) {
    const stat = processes.statOf(each);
    if (stat === undefined) continue; // it has just ended
    sum.pids.push(each);
    sum.cpuMs += stat.cpuMs;
    sum.privateMemory += privateMemory(each) ?? 0;
  }
  return sum;
}

/** CPU time and physical memory of a process, at the least cost; null for one that is gone. OsControlError as `processInfo`. */
export function processUsage(pid: number): Pick<ProcessInfo, 'cpuMs' | 'memory'> | null {
  const cpuMs = processes.cpuMsOf(checkPid(pid));
  return cpuMs === undefined ? null : { cpuMs, memory: processes.residentMemory(pid) };
}

/** The most bytes of physical memory that a process ever had; null where the system does not tell. */
export function peakMemory(pid: number): number | null {
  return processes.peakMemory(pid);
}

/** Bytes of memory that only this process uses; null where the system does not tell. Takes time in proportion to it. */
export function privateMemory(pid: number): number | null {
  return processes.privateMemory(pid);
}
