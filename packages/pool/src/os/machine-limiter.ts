import { type ControlGroup, type ControlGroupDriver, findControlGroups, load } from '@ostler/native';
import type { Limiter, LimitName, Limits, WorkerHold } from './limits.js';
import { MachineHold } from './machine-hold.js';

const GROUP_LIMITS = ['memory', 'cpuRate', 'maxProcesses'] as const;

/** Holds the workers of a pool by their guards, and by control groups where one of the limits needs those. */
export class MachineLimiter implements Limiter {
  readonly #pool: string;
  readonly #driver: ControlGroupDriver | undefined;
  #group: ControlGroup | undefined;

  constructor(pool: string, kinds: ReadonlySet<LimitName>) {
    this.#pool = pool;
    // A worker joins its groups by its guard.
    if (load().binding === undefined || !GROUP_LIMITS.some((name) => kinds.has(name))) return;
    const groups = findControlGroups();
    if (!('reason' in groups)) this.#driver = groups;
  }

  hold(workerId: number, limits: Limits): WorkerHold {
    if (this.#driver === undefined) return new MachineHold(limits, undefined);
    const { support } = this.#driver;
    const names = GROUP_LIMITS.filter((name) => support[name].available);
    const limitsOf = (all: Limits) => Object.fromEntries(names.map((name) => [name, all[name]]));
    const group = this.#poolGroup(this.#driver).createChild(`worker-${workerId}`);
    try {
      return new MachineHold(limits, { group, limitsOf });
    } catch (error) {
      group.remove();
      throw error;
    }
  }

  close(): void {
    // Of its workers nothing is left; a group that can't be removed all the same is removed by the next pool on this machine.
    if (this.#group?.remove() === false) this.#group.kill();
    this.#group = undefined;
  }

  /** Made for the first worker. */
  #poolGroup(driver: ControlGroupDriver): ControlGroup {
    if (this.#group === undefined) {
      driver.removeStaleGroups();
      this.#group = driver.createPoolGroup(this.#pool);
    }
    return this.#group;
  }
}
