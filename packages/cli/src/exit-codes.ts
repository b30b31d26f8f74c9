/** What the program's exit code says. */
export const EXIT = {
  done: 0,
  /** A task or check failed. */
  failed: 1,
  /** It was called wrongly. */
  usage: 2,
  /** A worker can't start. */
  workerStart: 3,
  /** Interrupted by SIGINT or SIGTERM, after what was under way had ended. */
  interrupted: 130,
  terminated: 143,
} as const;
