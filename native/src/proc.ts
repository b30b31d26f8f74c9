import { readdirSync, readFileSync } from 'node:fs';
import { asOsControl } from './os-control-error.js';
import type { ProcessSystem, Stat } from './process-system.js';

/** Ticks per second in which the kernel tells times of processes, the same on all common systems (see time(7)). */
const TICKS_PER_SECOND = 100;

let bootTime: number | undefined;

/** What /proc/PID/stat says, as far as we need it, its times to 10 ms; see proc_pid_stat(5). */
function statOf(pid: number): Stat | undefined {
  const text = readOrUndefined(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The name, in parentheses, may hold anything. What follows begins with field 3, the state.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  bootTime ??= Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]) * 1000;
  return {
    state: fields[0] ?? '',
    parentPid: field(4),
    cpuMs: ((field(14) + field(15)) * 1000) / TICKS_PER_SECOND,
    threads: field(20),
    startTime: bootTime + (field(22) * 1000) / TICKS_PER_SECOND,
  };
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return []; // gone, or there is no /proc
  }
}

/** The value of a line of /proc/PID/status or smaps_rollup, such as 'VmHWM:    5128 kB', in bytes; null where there is none. */
function kibibytes(text: string | undefined, name: string): number | null {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // the process has just ended, or another user owns it
  }
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => {
    const list = readOrUndefined(`/proc/${pid}/task/${thread}/children`) ?? '';
    return list.split(' ').filter(Boolean).map(Number);
  });
}

function inStatus(pid: number, name: string): number | null {
  return kibibytes(readOrUndefined(`/proc/${pid}/status`), name);
}

function privateMemory(pid: number): number | null {
  const rollup = readOrUndefined(`/proc/${pid}/smaps_rollup`);
  const [clean, dirty] = [kibibytes(rollup, 'Private_Clean'), kibibytes(rollup, 'Private_Dirty')];
  return clean === null || dirty === null ? null : clean + dirty;
}

function signal(pid: number, name: NodeJS.Signals): void {
  asOsControl(() => process.kill(pid, name), { pid });
}

/** Processes by /proc and signals. */
export const procSystem: ProcessSystem = {
  finds: 'kill',
  statOf,
  identityOf: (pid) => statOf(pid)?.startTime,
  scheduledIn: threadsOf,
  cpuMsOf: (pid) => statOf(pid)?.cpuMs,
  childrenOf,
  residentMemory: (pid) => inStatus(pid, 'VmRSS'),
  peakMemory: (pid) => inStatus(pid, 'VmHWM'),
  privateMemory,
  stop: (pid) => signal(pid, 'SIGSTOP'),
  goOn: (pid) => signal(pid, 'SIGCONT'),
  kill: (pid) => signal(pid, 'SIGKILL'),
  isStopped: (pid) => statOf(pid)?.state === 'T',
};
