import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessInfo } from './operating-system.js';

/** Keys of /proc/self/auxv, by which the kernel tells a program about its machine (see getauxval(3)). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;
const THIRTY_TWO_BIT = new Set(['arm', 'ia32', 'mips', 'mipsel']);

/** Places in /proc/PID/stat, counted from the state, which follows the name in brackets (see proc_pid_stat(5)). */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const RESIDENT_PAGES = 21;

let units: { pageSize: number; ticksPerSecond: number } | undefined;

/**
 * Reads a process's state, CPU time and memory from /proc; null where it is gone, or where there is no /proc. The state is that
 * of its main thread, or, where `everyThread` is asked for, R if any of its threads has work, as one that waits for a CPU has.
 */
export function readProcStat(pid: number, everyThread = false): ProcessInfo | null {
  if (process.platform !== 'linux') return null;
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  units ??= readUnits();
  const info = parseProcStat(stat.toString('latin1'), units);
  return everyThread && info?.state === 'S' && hasRunnableThread(pid) ? { ...info, state: 'R' } : info;
}

function hasRunnableThread(pid: number): boolean {
  const folder = `/proc/${pid}/task`;
  return threadsOf(folder).some((thread) => {
    const stat = readOrNull(`${folder}/${thread}/stat`)?.toString('latin1') ?? '';
    return stat.startsWith('R', stat.lastIndexOf(')') + 2);
  });
}

function threadsOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // it has just ended
  }
}

/** Takes a line of /proc/PID/stat apart; a program's name may hold brackets and spaces, so the last bracket counts. */
export function parseProcStat(stat: string, units: { pageSize: number; ticksPerSecond: number }): ProcessInfo | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]);
  const pages = Number(fields[RESIDENT_PAGES]);
  const [state] = fields;
  if (state === undefined || !Number.isFinite(ticks) || !Number.isFinite(pages)) return null;
  return { state, cpuMs: (ticks * 1000) / units.ticksPerSecond, rss: pages * units.pageSize };
}

function readUnits(): { pageSize: number; ticksPerSecond: number } {
  const found = { pageSize: 4096, ticksPerSecond: 100 };
  const auxv = THIRTY_TWO_BIT.has(process.arch) ? null : readOrNull('/proc/self/auxv');
  if (auxv === null) return found;
  const words = new BigUint64Array(new Uint8Array(auxv).buffer, 0, auxv.byteLength >> 3);
  for (let i = 0; i + 1 < words.length; i += 2) {
    if (words[i] === AT_PAGESZ) found.pageSize = Number(words[i + 1]);
    if (words[i] === AT_CLKTCK) found.ticksPerSecond = Number(words[i + 1]);
  }
  return found;
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null; // the process has just ended, or another user owns it
  }
}
