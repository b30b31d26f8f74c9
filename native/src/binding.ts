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
  /** `code` is -1 where a signal ended it, `signal` 0 where none did. */
  waitForExit(pid: number): { code: number; signal: number };
}
