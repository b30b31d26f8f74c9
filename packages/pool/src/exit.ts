/** How a process ended: with an exit code or by a signal. `pid` is 0 where there was no process. */
export interface Exit {
  pid: number;
  exitCode: number | null;
  signal: string | null;
}
