import type { WindowsBinding } from '../binding.js';
import { asOsControl } from '../os-control-error.js';
import type { Scheduling } from '../scheduling.js';
import type { ThreadAttribute } from '../threads.js';

/** From the idle class to the real-time one: its name in the guard's options, and what Node (libuv) calls it by nice values. */
const CLASSES = [
  { name: 'idle', nice: 19 },
  { name: 'below-normal', nice: 10 },
  { name: 'normal', nice: 0 },
  { name: 'above-normal', nice: -7 },
  { name: 'high', nice: -14 },
  { name: 'real-time', nice: -20 },
] as const;

/** How Windows sees a scheduling: for all threads of a process at once, by its class. */
export function priorityClassAttribute(binding: WindowsBinding): ThreadAttribute<Scheduling> {
  return {
    isSame: (a, b) => classOf(a) === classOf(b),
    get: (pid) => schedulingOfClass(asOsControl(() => binding.priorityClass(pid), { pid })),
    set: (pid, scheduling) => asOsControl(() => binding.setPriorityClass(pid, classOf(scheduling)), { pid }),
  };
}

/** The guard's name of the class. */
export function classNameOf(scheduling: Scheduling): string {
  return (CLASSES[classOf(scheduling)] as (typeof CLASSES)[number]).name;
}

/** The number of the class: the lowest that a nice value reaches. */
export function classOf({ nice, policy }: Scheduling): number {
  if (policy === 'idle') return 0;
  const found = CLASSES.findIndex((each) => nice >= each.nice);
  return found < 0 ? CLASSES.length - 1 : found;
}

export function schedulingOfClass(number: number): Scheduling {
  const { nice } = CLASSES[number] as (typeof CLASSES)[number];
  return { nice, policy: number === 0 ? 'idle' : 'other' };
}
