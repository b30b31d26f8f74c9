import { constants } from 'node:os';

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** The operating system refused: which call, why, and about which process. */
export class OsControlError extends Error {
  override readonly name = 'OsControlError';
  readonly code = 'ERR_OS_CONTROL';
  /** The call that failed, as in section 2 of the manual: `sched_setaffinity`; for a file, `write /sys/fs/cgroup/…`. */
  readonly syscall: string;
  /** The number of the system's error, positive. */
  readonly errno: number;
  /** The process that it was about, where there is one. */
  readonly pid: number | undefined;

  constructor(facts: { syscall: string; errno: number; pid?: number | undefined; about?: string | undefined }) {
    const { syscall, errno, pid, about } = facts;
    const whom = pid === undefined ? '' : ` for process ${pid}`;
    super(`${syscall}${whom}: ${errorName(errno)}${about === undefined ? '' : ` (${about})`}`);
    this.syscall = syscall;
    this.errno = errno;
    this.pid = pid;
  }
}

/** The system's name of an error number: `ESRCH`. */
export function errorName(errno: number): string {
  return NAMES.get(errno) ?? `error ${errno}`;
}

/** The number of an error that is given by its name, or by its number where it has none. */
export function errorNumber(name: string): number {
  return (constants.errno as Record<string, number | undefined>)[name] ?? Number(name);
}

/** Does what may throw an error of the addon or of `node:fs`, and throws an OsControlError instead. */
export function asOsControl<T>(action: () => T, facts: { pid?: number; about?: string } = {}): T {
  try {
    return action();
  } catch (error) {
    const { syscall, errno } = error as NodeJS.ErrnoException;
    if (syscall === undefined || errno === undefined) throw error;
    throw new OsControlError({ ...facts, syscall: syscall.replace(/^uv_os_/, ''), errno: Math.abs(errno) });
  }
}
