/** What the addon exports (src/binding.cc); each throws `{ syscall, errno }` where the system refuses. */
export interface Binding {
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
  /** All of these CPUs and no other, or it throws. */
  setThreadCpus(thread: number, cpus: readonly number[]): void;
  threadCpus(thread: number): number[];
  /** 0: the usual one, 1: batch, 2: idle (src/os/scheduling.h). */
  setThreadPolicy(thread: number, policy: number): void;
  threadPolicy(thread: number): number;
  /** `code` is -1 where a signal ended it, `signal` 0 where none did. */
  waitForExit(pid: number): { code: number; signal: number };
}
