import type { GroupLimits } from './control-group.js';

/** The controllers that we use; version 2 counts CPU time by itself. */
export type Controller = 'memory' | 'cpu' | 'cpuacct' | 'pids';

/** Those behind the limits. */
export const MAIN_CONTROLLERS: readonly Controller[] = ['memory', 'cpu', 'pids'];

/** The folder of one group for each controller that can be used: all the same with version 2. */
export type Places = Readonly<Partial<Record<Controller, string>>>;

/** A file to be written and how to tell, from what it then says, that the kernel took it. */
export interface LimitWrite {
  readonly path: string;
  readonly text: string;
  readonly holds: (readBack: string) => boolean;
}

/** What was counted for a group; null where nobody counts. */
export interface Counts {
  readonly memory: number | null;
  readonly peakMemory: number | null;
  readonly cpuMs: number | null;
}

/** Out of memory in one group, the groups below it not counted. */
export interface OutOfMemory {
  /** Its processes that were killed, whoever's limit it was. */
  readonly killed: number;
  /** Whether the group was at its own limit. */
  readonly atLimit: boolean;
}

/** What the two versions of control groups do differently. */
export interface GroupVersion {
  readonly version: 1 | 2;
  /** Makes a new group ready for its first child. */
  prepareParent(places: Places): void;
  /** Makes a new group ready for processes. */
  prepareChild(places: Places): void;
  /** What must be written, in this order, for limits to replace what is there. */
  writes(places: Places, limits: GroupLimits): LimitWrite[];
  limits(places: Places): GroupLimits;
  counts(places: Places): Counts;
  outOfMemory(places: Places): OutOfMemory;
}
