import { readdirSync, readFileSync } from 'node:fs';

/** Ticks per second in which the kernel tells times of processes, the same on all common systems (see time(7)). */
const TICKS_PER_SECOND = 100;

/** What /proc/PID/stat says, as far as we need it; see proc_pid_stat(5). */
export interface Stat {
  /** R runs, S sleeps, D waits for a device, T is stopped, t is traced, Z has ended and nobody has asked about it. */
  readonly state: string;
  readonly parentPid: number;
  /** Of all its threads, user and system. */
  readonly cpuMs: number;
  readonly threads: number;
  /** Unix milliseconds, to 10 ms. */
  readonly startTime: number;
}

let bootTime: number | undefined;

/** Undefined for a process that is gone. */
export function statOf(pid: number): Stat | undefined {
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

/** When the process started, in Unix milliseconds: with its number, this says which process it is. Undefined for one that is gone. */
export function identityOf(pid: number): number | undefined {
  return statOf(pid)?.startTime;
}

/** None for a process that is gone. */
export function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return []; // gone, or there is no /proc
  }
}

/** The children of a process, theirs, and so on; those that moved to another parent, as daemons do, are not among them. */
export function processesBelow(pid: number): number[] {
  const found = [pid];
  // The list grows while it is walked.
  for (const each of found) found.push(...childrenOf(each));
  return found.slice(1);
}

/** The value of a line of /proc/PID/status or smaps_rollup, such as 'VmHWM:    5128 kB', in bytes; null where there is none. */
export function kibibytes(text: string | undefined, name: string): number | null {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text ?? '');
  return match === null ? null : Number(match[1]) * 1024;
}

export function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined; // the process has just ended, or another user owns it
  }
}

/** The processes that have this one for a parent. */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => {
    const list = readOrUndefined(`/proc/${pid}/task/${thread}/children`) ?? '';
    return list.split(' ').filter(Boolean).map(Number);
  });
}
