import type { ControlGroup, GuardLimits } from '@ostler/native';
import { guardLimitsOf } from './guard-limits-of.js';
import type { HeldUsage, Limits, WorkerHold } from './limits.js';

/** Holds a worker by its guard, and by a group of its own where the pool has groups. */
export class MachineHold implements WorkerHold {
  readonly memory: number | undefined;
  readonly guard: GuardLimits;
  readonly watchedMemory: number | undefined;
  readonly #group: ControlGroup | undefined;

  /** `memoryInGroup`: the group enforces the limit of memory. */
  constructor(limits: Limits, group: ControlGroup | undefined, memoryInGroup: boolean) {
    this.memory = limits.memory;
    this.#group = group;
    this.guard = { ...guardLimitsOf(limits), groups: group?.folders };
    this.watchedMemory = memoryInGroup ? undefined : limits.memory;
  }

  usage(): HeldUsage | null {
    return this.#group?.usage() ?? null;
  }

  overMemory(): number | null {
    const { memory } = this;
    const group = this.#group;
    if (group === undefined || memory === undefined || this.watchedMemory !== undefined) return null;
    return group.oomKills() > 0 ? (group.usage().peakMemory ?? memory) : null;
  }

  release(): void {
    // Its guard has ended what was in it. Were it still in use, the pool's own group would be removed with it.
    this.#group?.remove();
  }
}
