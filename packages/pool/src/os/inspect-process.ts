import { load, processUsage } from '@ostler/native';
import type { ProcessInfo } from './operating-system.js';
import { readProcStat } from './proc-stat.js';

/** What the system says of a live process; null where it is gone, and where nothing is told: on Windows, without the addon. */
export function inspectProcess(pid: number, everyThread?: boolean): ProcessInfo | null {
  if (process.platform !== 'win32') return readProcStat(pid, everyThread);
  const usage = load().binding === undefined ? null : processUsage(pid);
  // Windows has no state of a process.
  return usage && { state: '', cpuMs: usage.cpuMs, rss: usage.memory ?? 0 };
}
