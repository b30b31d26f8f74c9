const groups = new Set<number>();
let hooked = false;

/** Kills the process group of `pid` when this process exits: one hook for all, and no signal handlers. */
export function killOnExit(pid: number): void {
  if (!hooked) process.on('exit', killAll);
  hooked = true;
  groups.add(pid);
}

/** The process has been reaped: its number may soon be somebody else's. */
export function forgetOnExit(pid: number): void {
  groups.delete(pid);
}

function killAll(): void {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
}

/** Signals a process group (on Windows, where there are none, the process). A group that is gone needs no signal. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    // EPERM: all that is left of the group belongs to another user, as after sudo.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
