import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** What ends a process by force on Windows gives it this exit code. */
export const ENDED_BY_FORCE = 1;

/**
 * Ends a process and all below it on Windows, which has neither signals nor groups: its own program looks for the children,
 * as Node alone can't. `onFailed` says that there is no such program, or that it may not, or that the process has gone.
 */
export function endTree(pid: number, onFailed: () => void): void {
  const program = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  const options = { windowsHide: true };
  execFile(program, ['/T', '/F', '/PID', `${pid}`], options, (error) => {
    if (error !== null) onFailed();
  }).unref();
}
