import { procSystem } from './proc.js';
import { windowsProcesses } from './windows/processes.js';

/** The processes of this machine. */
export const processes = process.platform === 'win32' ? windowsProcesses : procSystem;

/** The children of a process, theirs, and so on; those that moved to another parent, as daemons do, are not among them. */
export function processesBelow(pid: number): number[] {
  const found = [pid];
  // The list grows while it is walked.
  for (const each of found) found.push(...processes.childrenOf(each).filter((child) => !found.includes(child)));
  return found.slice(1);
}
