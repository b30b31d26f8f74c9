/** What the addon exports on every system (src/binding/); a call throws `{ syscall, errno }` where the system refuses, on Windows `{ syscall, winerr, text }`. */
export interface Binding {
  /** All of these CPUs and no other, or it throws. `id` is a thread; on Windows it is a process. */
  setCpus(id: number, cpus: readonly number[]): void;
  cpusOf(id: number): number[];
}

export interface LinuxBinding extends Binding {
  mapFile(fd: number, size: number): ArrayBuffer;
  /** `descriptors`: a number of ours, -1 for a new socket, -2 for none (src/os/spawn.h). */
  spawn(
    file: string,
    args: readonly string[],
    env: readonly string[],
    descriptors: readonly number[],
  ): { pid: number; sockets: number[] };
  /** Whether processes below this one whose parent ends become its children. */
  adoptOrphans(adopt: boolean): void;
  /** 0: the usual one, 1: batch, 2: idle (src/os/scheduling.h). */
  setThreadPolicy(thread: number, policy: number): void;
  threadPolicy(thread: number): number;
  /** `code` is -1 where a signal ended it, `signal` 0 where none did. */
  waitForExit(pid: number): { code: number; signal: number };
}

export interface WindowsBinding extends Binding {
  /** From 0, idle, to 5, real-time (src/os/scheduling.h). */
  setPriorityClass(pid: number, priorityClass: number): void;
  priorityClass(pid: number): number;
  processes(): [pid: number, parent: number, threads: number][];
  /** Unix milliseconds, and milliseconds. */
  processTimes(pid: number): { startTime: number; cpuMs: number };
  /** Bytes; 0 for what is not told. */
  processMemory(pid: number): { resident: number; peak: number; committed: number };
  suspend(pid: number): void;
  resume(pid: number): void;
  isSuspended(pid: number): boolean;
  terminate(pid: number, code: number): void;
  /** What Windows itself says of an error number, in the user's language. */
  errorText(winerr: number): string;
  /** How many handles this process has open. */
  ownHandles(): number;
  processors(): [cpu: number, core: number, pkg: number, node: number, cache: number][];
  createMemory(name: string, size: number): ArrayBuffer;
  openMemory(name: string, size: number): ArrayBuffer;
  /** Makes a job of a name that is new. */
  Job: new (
    name: string,
  ) => JobObject;
  /** The part of all CPUs that the job around this process lets it have, in hundredths of a percent. */
  ownCpuRate(): number | undefined;
}

/** A job object of Windows (src/os/job.h): everything in it ends when it is closed, collected, or when we end. */
export interface JobObject {
  assign(pid: number): void;
  setLimits(limits: JobObjectLimits): void;
  limits(): JobObjectLimits;
  usage(): {
    cpuMs: number;
    activeProcesses: number;
    totalProcesses: number;
    peakJobMemory: number;
    peakProcessMemory: number;
  };
  processes(): number[];
  /** What the system has told since it was last asked, as numbers (src/windows/jobs/job-messages.ts). */
  takeMessages(): number[];
  terminate(code: number): void;
  close(): void;
}

/** Bytes, a count, and hundredths of a percent of all CPUs; undefined is no limit. */
export interface JobObjectLimits {
  readonly jobMemory?: number | undefined;
  readonly processMemory?: number | undefined;
  readonly activeProcesses?: number | undefined;
  readonly cpuRate?: number | undefined;
}
