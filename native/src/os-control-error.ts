import { constants } from 'node:os';
import { errnoOfWindows } from './windows/errors.js';

const NAMES = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** The number of Windows for an error, and its own words for it. */
export interface WindowsError {
  readonly winerr: number;
  readonly text: string;
}

interface Facts {
  readonly syscall: string;
  readonly errno: number;
  readonly windows?: WindowsError | undefined;
  readonly pid?: number | undefined;
  readonly about?: string | undefined;
}

/** The operating system refused: which call, why, and about which process. */
export class OsControlError extends Error {
  override readonly name = 'OsControlError';
  readonly code = 'ERR_OS_CONTROL';
  /** The call that failed, as in section 2 of the manual: `sched_setaffinity`; for a file, `write /sys/fs/cgroup/…`. */
  readonly syscall: string;
  /** The number of the system's error, positive; on Windows, of what comes nearest to it. */
  readonly errno: number;
  /** What GetLastError() of Windows said; undefined elsewhere. */
  readonly winerr: number | undefined;
  /** The process that it was about, where there is one. */
  readonly pid: number | undefined;

  constructor({ syscall, errno, windows, pid, about }: Facts) {
    const whom = pid === undefined ? '' : ` for process ${pid}`;
    const said = windows === undefined ? [] : [`winerr ${windows.winerr}${windows.text && `: ${windows.text}`}`];
    const details = [...said, ...(about === undefined ? [] : [about])].join('; ');
    super(`${syscall}${whom}: ${errorName(errno)}${details && ` (${details})`}`);
    this.syscall = syscall;
    this.errno = errno;
    this.winerr = windows?.winerr;
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

/** What Windows has refused, with the errno that comes nearest. */
export function windowsError(
  refusal: WindowsError & { syscall: string; pid?: number | undefined; about?: string | undefined },
): OsControlError {
  const { syscall, winerr, text, pid, about } = refusal;
  const errno = errorNumber(errnoOfWindows(syscall, winerr));
  return new OsControlError({ syscall, errno, windows: { winerr, text }, pid, about });
}

/** Does what may throw an error of the addon or of `node:fs`, and throws an OsControlError instead. */
export function asOsControl<T>(action: () => T, facts: { pid?: number; about?: string } = {}): T {
  try {
    return action();
  } catch (error) {
    throw osControlErrorOf(error as Partial<Facts & WindowsError>, facts) ?? error;
  }
}

function osControlErrorOf(
  { syscall, errno, winerr, text = '' }: Partial<Facts & WindowsError>,
  facts: { pid?: number; about?: string },
): OsControlError | undefined {
  if (syscall === undefined) return undefined;
  if (winerr !== undefined) return windowsError({ ...facts, syscall, winerr, text });
  if (errno === undefined) return undefined;
  return new OsControlError({ ...facts, syscall: syscall.replace(/^uv_os_/, ''), errno: Math.abs(errno) });
}
