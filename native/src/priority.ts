import { writeFileSync } from 'node:fs';
import { getPriority as getNice, setPriority as setNice } from 'node:os';
import type { LinuxBinding } from './binding.js';
import { checkPid } from './check-pid.js';
import { requireLinux, requireWindows } from './load.js';
import { asOsControl } from './os-control-error.js';
import type { Scheduling } from './scheduling.js';
import { getOfThreads, type Reach, setForThreads, type ThreadAttribute } from './threads.js';
import { priorityClassAttribute } from './windows/priority-class.js';

/** How the threads of a process are scheduled against those of others; the same names as on Windows. */
export type Priority = 'idle' | 'below-normal' | 'normal' | 'above-normal' | 'high';

/** The nice values are those of `os.constants.priority`; idle work runs only when nothing else wants the CPU. */
const SCHEDULINGS: Readonly<Record<Priority, Scheduling>> = {
  idle: { nice: 19, policy: 'idle' },
  'below-normal': { nice: 10, policy: 'other' },
  normal: { nice: 0, policy: 'other' },
  'above-normal': { nice: -7, policy: 'other' },
  high: { nice: -14, policy: 'other' },
};
const POLICIES = ['other', 'batch', 'idle'] as const;

/** The scheduling that a priority stands for. RangeError for an unknown name. */
export function schedulingOf(priority: Priority): Scheduling {
  const scheduling = Object.hasOwn(SCHEDULINGS, priority) ? SCHEDULINGS[priority] : undefined;
  if (scheduling !== undefined) return scheduling;
  throw new RangeError(`priority: expected one of ${Object.keys(SCHEDULINGS).join(', ')}, got ${String(priority)}`);
}

/**
 * Sets the priority of all threads of a process, present and future. Throws an OsControlError and changes nothing: EACCES
 * where a nice value below the present one takes CAP_SYS_NICE or a limit of RLIMIT_NICE that we don't have, EPERM for
 * another user's process, ESRCH for one that is gone. See setpriority(2), sched_setscheduler(2).
 */
export function setPriority(pid: number, priority: Priority, reach: Reach = {}): void {
  setScheduling(pid, schedulingOf(priority), reach);
}

/** The priority of a process, or null where its threads differ or are scheduled in another way. OsControlError as `setPriority`. */
export function getPriority(pid: number): Priority | null {
  const found = getScheduling(pid);
  const names = Object.keys(SCHEDULINGS) as Priority[];
  return names.find((name) => found !== null && isSame(SCHEDULINGS[name], found)) ?? null;
}

/** As `setPriority`, for any nice value and policy; on Windows the class that Node gives the nice value. */
export function setScheduling(pid: number, scheduling: Scheduling, reach: Reach = {}): void {
  setForThreads(checkPid(pid), scheduling, { attribute: attributeFor('setScheduling'), reach });
  if (process.platform === 'linux') reniceSession(pid, scheduling);
}

/** The nice value and policy of all threads of a process, or null where they differ. */
export function getScheduling(pid: number): Scheduling | null {
  return getOfThreads(checkPid(pid), attributeFor('getScheduling')) ?? null;
}

function attributeFor(call: string): ThreadAttribute<Scheduling> {
  if (process.platform === 'win32') return priorityClassAttribute(requireWindows(call).binding);
  return attributeOf(requireLinux(call).binding);
}

function attributeOf(binding: LinuxBinding): ThreadAttribute<Scheduling> {
  return {
    isSame,
    get: (thread) =>
      asOsControl(
        () => ({ nice: getNice(thread), policy: POLICIES[binding.threadPolicy(thread)] as Scheduling['policy'] }),
        { pid: thread },
      ),
    set: (thread, { nice, policy }) =>
      asOsControl(
        () => {
          binding.setThreadPolicy(thread, POLICIES.indexOf(policy));
          setNice(thread, nice);
        },
        { pid: thread },
      ),
  };
}

function isSame(a: Scheduling, b: Scheduling): boolean {
  return a.nice === b.nice && a.policy === b.policy;
}

/**
 * Where the kernel groups sessions (autogroup, see sched(7)), nice values count only within one: the whole session of a
 * process that leads one, as guarded processes do, gets the same. The kernel takes such a change ten times a second at most.
 */
function reniceSession(pid: number, { nice, policy }: Scheduling): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(policy === 'idle' ? 19 : nice));
  } catch {
    // No such groups in this kernel, no session of its own, or too early: nice values hold within the session all the same.
  }
}
