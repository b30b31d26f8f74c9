import type { GroupSystem } from './group-system.js';
import { processStat } from './process-stat.js';
import { isRefusal } from './refusal.js';

/** The process that made a group: a pid alone may belong to another process by now, or in another container. */
export interface Owner {
  /** The number of its pid namespace. */
  readonly namespace: string;
  readonly pid: number;
  /** When it began, in ticks since the machine was started. */
  readonly startTime: string;
}

const NAME = /^ostler-(\d+)-(\d+)-(\d+)-/;

/** This process. */
export function thisOwner(system: GroupSystem): Owner {
  return { namespace: system.pidNamespace(), pid: system.pid, startTime: processStat(system, system.pid).startTime };
}

/** The beginning of the names of an owner's groups. */
export function prefixOf({ namespace, pid, startTime }: Owner): string {
  return `ostler-${namespace}-${pid}-${startTime}-`;
}

/** Who made a group, by its name; undefined when it is none of ours. */
export function ownerOf(name: string): Owner | undefined {
  const [, namespace, pid, startTime] = NAME.exec(name) ?? [];
  if (namespace === undefined || startTime === undefined) return undefined;
  return { namespace, pid: Number(pid), startTime };
}

/** Whether an owner is certainly gone: one that we can't see lives. */
export function isGone(system: GroupSystem, owner: Owner): boolean {
  if (owner.namespace !== system.pidNamespace()) return false;
  try {
    system.signal(owner.pid, 0);
    const { state, startTime } = processStat(system, owner.pid);
    return state === 'Z' || startTime !== owner.startTime;
  } catch (error) {
    // /proc may be hidden from us, and the pid may be another user's: only ESRCH says that nobody has it.
    if (isRefusal(error, 'ESRCH')) return true;
    if (isRefusal(error, 'EPERM', 'EACCES', 'ENOENT')) return false;
    throw error;
  }
}
