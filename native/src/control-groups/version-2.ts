import { constants } from 'node:os';
import { OsControlError } from '../os-control-error.js';
import type { GroupLimits } from './control-group.js';
import { bandwidthOf, USUAL_PERIOD } from './cpu-bandwidth.js';
import type { GroupSystem } from './group-system.js';
import { isMemoryLimit, limitIn, numberOf } from './group-text.js';
import type { Controller, Counts, GroupVersion, LimitWrite, OutOfMemory, Places } from './group-version.js';

/** Control groups of version 2: one hierarchy, whose groups enable controllers for the groups below them. */
export class Version2 implements GroupVersion {
  readonly version = 2;
  readonly #system: GroupSystem;

  constructor(system: GroupSystem) {
    this.#system = system;
  }

  prepareParent(places: Places): void {
    for (const [controller, folder] of Object.entries(places) as [Controller, string][]) {
      if (controller !== 'cpuacct') this.#system.write(`${folder}/cgroup.subtree_control`, `+${controller}`);
    }
  }

  /** A worker is one unit: with one process of it killed, the rest would only stay to hang. */
  prepareChild({ memory }: Places): void {
    const path = `${memory}/memory.oom.group`;
    if (memory !== undefined && this.#system.exists(path)) this.#system.write(path, '1');
  }

  writes({ memory, cpu, pids }: Places, limits: GroupLimits): LimitWrite[] {
    return [
      ...(memory === undefined ? [] : this.#memoryWrites(memory, limits.memory)),
      ...(cpu === undefined ? [] : [exactly(`${cpu}/cpu.max`, bandwidthText(limits.cpuRate))]),
      ...(pids === undefined ? [] : [exactly(`${pids}/pids.max`, String(limits.maxProcesses ?? 'max'))]),
    ];
  }

  limits({ memory, cpu, pids }: Places): GroupLimits {
    const [quota = 'max', period] = cpu === undefined ? [] : this.#system.read(`${cpu}/cpu.max`).split(' ');
    return {
      memory: memory === undefined ? undefined : limitIn(this.#system.read(`${memory}/memory.max`)),
      cpuRate: quota === 'max' ? undefined : Number(quota) / Number(period),
      maxProcesses: pids === undefined ? undefined : limitIn(this.#system.read(`${pids}/pids.max`)),
    };
  }

  counts({ memory, cpuacct }: Places): Counts {
    // Linux 5.19 brought the peak.
    const peak = `${memory}/memory.peak`;
    return {
      memory: memory === undefined ? null : this.#memoryInUse(memory),
      peakMemory: memory !== undefined && this.#system.exists(peak) ? Number(this.#system.read(peak)) : null,
      cpuMs: cpuacct === undefined ? null : numberOf('usage_usec', this.#system.read(`${cpuacct}/cpu.stat`)) / 1e3,
    };
  }

  /**
   * `oom` counts what happened at a group's own limit, `oom_kill` its processes that were killed for whatever limit.
   * When the kernel kills all of a group it counts the first process twice, unless that one ended at once.
   */
  outOfMemory({ memory }: Places): OutOfMemory {
    if (memory === undefined) return { killed: 0, atLimit: false };
    const events = this.#system.read(`${memory}/memory.events.local`);
    const wholeGroups = numberOf('oom_group_kill', events);
    const killed = Math.max(numberOf('oom_kill', events) - wholeGroups, wholeGroups);
    return { killed, atLimit: numberOf('oom', events) > 0 };
  }

  #memoryInUse(folder: string): number {
    return this.#memoryWithout(folder, ['inactive_file']);
  }

  #memoryWithout(folder: string, reclaimable: readonly string[]): number {
    const charged = Number(this.#system.read(`${folder}/memory.current`));
    const stat = this.#system.read(`${folder}/memory.stat`);
    return Math.max(
      0,
      reclaimable.reduce((rest, name) => rest - numberOf(name, stat), charged),
    );
  }

  /** A limit below what is in use would kill what is running; version 1 refuses it like this. */
  #refuseToKill(path: string, { bytes, folder }: { bytes: number; folder: string }): void {
    const inUse = this.#memoryWithout(folder, ['inactive_file', 'active_file']);
    if (inUse <= bytes) return;
    const about = `${inUse} bytes are in use, more than the limit of ${bytes}`;
    throw new OsControlError({ syscall: `write ${path}`, errno: constants.errno.EBUSY, about });
  }

  /** Swap would only make a worker at its limit slow, and the machine with it. */
  #memoryWrites(folder: string, bytes: number | undefined): LimitWrite[] {
    const limit = { path: `${folder}/memory.max`, text: String(bytes ?? 'max'), holds: isLimit };
    if (bytes !== undefined) this.#refuseToKill(limit.path, { bytes, folder });
    const swap = exactly(`${folder}/memory.swap.max`, bytes === undefined ? 'max' : '0');
    return this.#system.exists(swap.path) ? [swap, limit] : [limit];

    function isLimit(readBack: string): boolean {
      return isMemoryLimit(readBack, bytes);
    }
  }
}

function bandwidthText(cpuRate: number | undefined): string {
  if (cpuRate === undefined) return `max ${USUAL_PERIOD}`;
  const { quota, period } = bandwidthOf(cpuRate);
  return `${quota} ${period}`;
}

function exactly(path: string, text: string): LimitWrite {
  return { path, text, holds: (readBack) => readBack.trim() === text };
}
