import { availableParallelism, getPriority as getNice, setPriority as setNice } from 'node:os';
import {
  type ControlGroup,
  type GroupLimits,
  type GuardLimits,
  getAffinity,
  load,
  schedulingOf,
  setAffinity,
  setScheduling,
} from '@ostler/native';
import { guardLimitsOf } from './guard-limits-of.js';
import type { HeldUsage, Limits, WorkerHold } from './limits.js';

/** A worker's control group, and what it can limit here. */
export interface WorkerGroup {
  readonly group: ControlGroup;
  readonly limitsOf: (limits: Limits) => GroupLimits;
}

/** Holds a worker by its guard, and by a group of its own where the pool has groups. */
export class MachineHold implements WorkerHold {
  readonly guard: GuardLimits;
  #limits: Limits;
  readonly #held: WorkerGroup | undefined;

  constructor(limits: Limits, held: WorkerGroup | undefined) {
    this.#limits = limits;
    this.#held = held;
    held?.group.setLimits(held.limitsOf(limits));
    this.guard = { ...guardLimitsOf(limits), groups: held?.group.folders };
  }

  get limits(): Limits {
    return this.#limits;
  }

  get watchedMemory(): number | undefined {
    return this.#memoryInGroup === undefined ? this.#limits.memory : undefined;
  }

  apply(pid: number, limits: Limits): void {
    if (limits === this.#limits) return;
    const before = this.#limits;
    try {
      this.#set(pid, limits);
    } catch (error) {
      this.#set(pid, before);
      throw error;
    }
    this.#limits = limits;
  }

  usage(): HeldUsage | null {
    return this.#held?.group.usage() ?? null;
  }

  overMemory(): number | null {
    const limit = this.#memoryInGroup;
    const group = this.#held?.group;
    if (limit === undefined || group === undefined) return null;
    return group.oomKills() > 0 ? (group.usage().peakMemory ?? limit) : null;
  }

  release(): void {
    // Its guard has ended what was in it. Were it still in use, the pool's own group would be removed with it.
    this.#held?.group.remove();
  }

  get #memoryInGroup(): number | undefined {
    return this.#held?.limitsOf(this.#limits).memory;
  }

  /** Group limits first: they are what is refused most, and that changes nothing. */
  #set(pid: number, { priority, cpus, ...rest }: Limits): void {
    this.#held?.group.setLimits(this.#held.limitsOf(rest));
    const scheduling = priority === undefined ? ourScheduling() : schedulingOf(priority);
    if (load().binding === undefined) {
      setNice(pid, scheduling.nice);
      return;
    }
    setAffinity(pid, cpus ?? ourCpus(), { tree: true });
    setScheduling(pid, scheduling, { tree: true });
  }
}

/** Without a limit, a worker has what it would have inherited from us. */
function ourScheduling(): { nice: number; policy: 'other' } {
  return { nice: getNice(), policy: 'other' };
}

function ourCpus(): readonly number[] {
  return getAffinity(process.pid) ?? Array.from({ length: availableParallelism() }, (_, cpu) => cpu);
}
