/** A number that a process can have; RangeError for any other value: 0 and negative ones mean groups of processes to some calls. */
export function checkPid(pid: number): number {
  if (Number.isInteger(pid) && pid > 0 && pid <= 0x7fff_ffff) return pid;
  throw new RangeError(`pid: expected an integer from 1 to 2147483647, got ${String(pid)}`);
}
