/** What a control group can limit. */
export type GroupLimit = 'memory' | 'cpuRate' | 'maxProcesses';

export const GROUP_LIMITS: readonly GroupLimit[] = ['memory', 'cpuRate', 'maxProcesses'];

/** The limits of a group; undefined is none. A group is also held by the limits of the groups above it. */
export interface GroupLimits {
  /** Bytes of memory of all of its processes together, page cache and swap included; rounded down to whole pages. */
  readonly memory?: number | undefined;
  /** CPUs: 0.2 is a fifth of one CPU, 3 is three whole ones. At least 0.001. */
  readonly cpuRate?: number | undefined;
  /** How many processes there may be at once. The kernel counts every thread as one. */
  readonly maxProcesses?: number | undefined;
}

/** What a group and the groups below it use; null where the system doesn't count it here. */
export interface GroupUsage {
  /** Bytes, without the page cache that the kernel would give back first. */
  readonly memory: number | null;
  /** The most bytes that were ever charged to it, page cache included. */
  readonly peakMemory: number | null;
  /** Milliseconds of CPU time since it was made, those of ended processes included. */
  readonly cpuMs: number | null;
  /** Processes that live now. */
  readonly processes: number;
}

export type GroupVersionName = 1 | 2 | 'jobs';

/** Whether something works here, and if it doesn't, what is missing, and what would mend it where the reason doesn't say that. */
export type Support =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly remedy?: string };

/** A control group, or a job object of Windows: processes that are limited, counted and killed together. */
export interface ControlGroup {
  /** Where a process writes "0" to `cgroup.procs` to join: one folder, or with version 1 one for each hierarchy. On Windows, the names of the jobs, the outermost first. */
  readonly folders: readonly string[];
  /** Makes a group below this one. With version 2 a group that has groups below it can't have processes of its own. */
  createChild(name: string): ControlGroup;
  /**
   * Replaces the limits, and reads them back. Either all of them hold or none has changed, and an OsControlError
   * (`write /path`) says which was refused: EBUSY for less memory than is in use. A RangeError says that a limit is no
   * sensible number. Version 1 refuses a rate above that of the group above: tighten from the bottom up, loosen from
   * the top down.
   */
  setLimits(limits: GroupLimits): void;
  /** The limits that the kernel has now. */
  limits(): GroupLimits;
  usage(): GroupUsage;
  /** Processes that were killed because this group was at its own memory limit: not that of a group above, nor the machine's. On Windows, how often memory was refused for it. */
  oomKills(): number;
  /** The processes of this group and of the groups below it. */
  pids(): number[];
  /** Kills every process of this group and of the groups below it. They end soon after. */
  kill(): void;
  /** Removes the group and those below it. False while a process is left in it: kill, and ask again when it has ended. */
  remove(): boolean;
}

/** The kernel's control groups, as far as this process may use them. */
export interface ControlGroupDriver {
  /** Version 2 is the unified hierarchy; Windows has job objects. */
  readonly version: GroupVersionName;
  /** Which limits hold here, each proven by a trial. */
  readonly support: Readonly<Record<GroupLimit, Support>>;
  /** Makes a group beside this process's own: it is held by the limits of the service or container that we run in. */
  createPoolGroup(name: string): ControlGroup;
  /** Kills and removes the pool groups whose owner is gone. Returns how many are left: a process is still dying, or they are another user's. */
  removeStaleGroups(): number;
}
