import type { GroupSystem } from './group-system.js';

export interface ProcessStat {
  /** `Z` is a process that ended and that its parent has not asked about. */
  readonly state: string;
  readonly parent: number;
  /** In ticks since the machine was started. */
  readonly startTime: string;
}

/** What /proc/PID/stat says; see proc_pid_stat(5). Throws an OsControlError where it can't be read. */
export function processStat(system: GroupSystem, pid: number): ProcessStat {
  const stat = system.read(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, and may hold anything, parentheses and spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}
