/** What a system says of a process. */
export interface Stat {
  /** R runs, S sleeps, D waits for a device, T is stopped, t is traced, Z has ended and nobody has asked about it; '' where the system does not tell. */
  readonly state: string;
  readonly parentPid: number;
  /** Of all its threads, user and system. */
  readonly cpuMs: number;
  readonly threads: number;
  /** Unix milliseconds. */
  readonly startTime: number;
}

/** How a system tells of its processes, and what it does to one. */
export interface ProcessSystem {
  /** The call that fails for a process that is gone. */
  readonly finds: string;
  /** Undefined for a process that is gone. */
  statOf(pid: number): Stat | undefined;
  /** When it started: with its number, this says which process it is. Undefined for one that is gone. */
  identityOf(pid: number): number | undefined;
  /** What of it is scheduled: its threads; on Windows the process, which all of its threads follow. None for one that is gone. */
  scheduledIn(pid: number): number[];
  /** Of all its threads, at the least cost; undefined for a process that is gone. */
  cpuMsOf(pid: number): number | undefined;
  /** The processes that have this one for a parent. */
  childrenOf(pid: number): number[];
  /** Physical memory in bytes; null where the system does not tell. */
  residentMemory(pid: number): number | null;
  peakMemory(pid: number): number | null;
  privateMemory(pid: number): number | null;
  /** These throw an OsControlError: ESRCH for a process that is gone. */
  stop(pid: number): void;
  goOn(pid: number): void;
  kill(pid: number): void;
  isStopped(pid: number): boolean;
}
