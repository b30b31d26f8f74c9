import { nameErrors, OstlerError } from './ostler-error.js';

/** A call of the operating system that failed; `errno` on Linux, `winerr` on Windows. */
export interface OsControlFacts {
  pool?: string;
  /** What was to be done, as in "set the CPU affinity". */
  action: string;
  syscall: string;
  errno?: number | undefined;
  winerr?: number | undefined;
  pid: number;
  /** The system's text for the error. */
  reason?: string | undefined;
  cause?: unknown;
}

/** A limit or a priority that the operating system would not set. */
export class OsControlError extends OstlerError {
  readonly syscall: string;
  readonly errno: number | undefined;
  readonly winerr: number | undefined;
  readonly pid: number;

  static {
    nameErrors(OsControlError, 'OsControlError');
  }

  constructor(facts: OsControlFacts) {
    const { pool, action, syscall, errno, winerr, pid, reason, cause } = facts;
    const number = errno === undefined ? `Windows error ${winerr}` : `errno ${errno}`;
    const text = `cannot ${action} of pid ${pid}: ${syscall} failed with ${number}${reason === undefined ? '' : ` (${reason})`}`;
    super(
      pool === undefined ? text : `${pool}: ${text}`,
      'ERR_OS_CONTROL',
      cause === undefined ? undefined : { cause },
    );
    this.syscall = syscall;
    this.errno = errno;
    this.winerr = winerr;
    this.pid = pid;
  }
}
