import type { Exit } from '../exit.js';
import { signalOf } from './exit-in-words.js';

/** What runtimes print when they end because memory ran out. At the start of a line: a worker may also log such names. */
const REPORTS = [
  /^.*FATAL ERROR: .*(heap out of memory|Allocation failed)/m, // V8; its process id stands before it
  /^FATAL ERROR: .*Out of memory|^# Fatal process out of memory/m, // V8 outside of the JavaScript heap
  /^Out of memory\.\r?$/m, // .NET, where not even the exception could be made
  /^(Unhandled exception\. |Unhandled Exception: )?System\.OutOfMemoryException/m,
  /^(Exception in thread .* )?java\.lang\.OutOfMemoryError/m,
  /^Terminating due to java\.lang\.OutOfMemoryError/m,
  /^fatal error: (runtime: )?(cannot allocate memory|out of memory)/m, // Go
  /^memory allocation of \d+ bytes failed/m, // Rust
  /^(terminate called after throwing an instance of 'std::bad_alloc'|libc\+\+abi: .*std::bad_alloc)/m,
  /^\[FATAL\] failed to allocate memory|\(NoMemoryError\)$/m, // Ruby
];

/** Python says it in the last line of its traceback. */
const PYTHON_REPORT = /^(numpy[\w.]*\.)?_?(Array)?MemoryError\b.*$/;

/**
 * 'runtime' where the runtime of a dead process says itself that memory ran out. Null otherwise: a SIGKILL by the kernel
 * looks like any other one, only the process's cgroup could tell.
 */
export function outOfMemory(exit: Exit, stderrTail: string): 'runtime' | null {
  if (exit.exitCode === 0) return null;
  const signal = signalOf(exit);
  if (signal === 'SIGKILL' || signal === 'SIGTERM') return null; // somebody else ended it
  const lastLine = stderrTail.trimEnd().split(/\r?\n/).at(-1) ?? '';
  return PYTHON_REPORT.test(lastLine) || REPORTS.some((report) => report.test(stderrTail)) ? 'runtime' : null;
}
