import type { GroupLimits } from './control-group.js';
import { bandwidthOf, USUAL_PERIOD } from './cpu-bandwidth.js';
import type { GroupSystem } from './group-system.js';
import { isMemoryLimit, limitIn, numberOf } from './group-text.js';
import type { Counts, GroupVersion, LimitWrite, OutOfMemory, Places } from './group-version.js';

/** What is asked for at once by those that the kernel kills for it: 8 pages, of at most 64 KiB. */
const LARGEST_CHARGE = 8 * 65_536;

/** Control groups of version 1: a hierarchy for each controller, or for a few of them. */
export class Version1 implements GroupVersion {
  readonly version = 1;
  readonly #system: GroupSystem;

  constructor(system: GroupSystem) {
    this.#system = system;
  }

  /** Before Linux 5.11 a group counted what is below it only when it was told to. */
  prepareParent({ memory }: Places): void {
    const path = `${memory}/memory.use_hierarchy`;
    if (memory === undefined || !this.#system.exists(path)) return;
    if (Number(this.#system.read(path)) === 0) this.#system.write(path, '1');
  }

  prepareChild(): void {}

  writes({ memory, cpu, pids }: Places, limits: GroupLimits): LimitWrite[] {
    return [
      ...(memory === undefined ? [] : this.#memoryWrites(memory, limits.memory)),
      ...(cpu === undefined ? [] : this.#cpuWrites(cpu, limits.cpuRate)),
      ...(pids === undefined ? [] : [exactly(`${pids}/pids.max`, limits.maxProcesses ?? 'max')]),
    ];
  }

  limits({ memory, cpu, pids }: Places): GroupLimits {
    const quota = cpu === undefined ? undefined : limitIn(this.#system.read(`${cpu}/cpu.cfs_quota_us`));
    return {
      memory: memory === undefined ? undefined : limitIn(this.#system.read(`${memory}/memory.limit_in_bytes`)),
      cpuRate: quota === undefined ? undefined : quota / Number(this.#system.read(`${cpu}/cpu.cfs_period_us`)),
      maxProcesses: pids === undefined ? undefined : limitIn(this.#system.read(`${pids}/pids.max`)),
    };
  }

  counts({ memory, cpuacct }: Places): Counts {
    return {
      memory: memory === undefined ? null : this.#memoryInUse(memory),
      peakMemory: memory === undefined ? null : Number(this.#system.read(`${memory}/memory.max_usage_in_bytes`)),
      cpuMs: cpuacct === undefined ? null : Number(this.#system.read(`${cpuacct}/cpuacct.usage`)) / 1e6,
    };
  }

  /**
   * The count of kills doesn't say whose limit it was, so a group that never was at its own was not the one. With swap
   * counted, it is the limit of both together that is met first.
   */
  outOfMemory({ memory }: Places): OutOfMemory {
    if (memory === undefined) return { killed: 0, atLimit: false };
    return {
      killed: numberOf('oom_kill', this.#system.read(`${memory}/memory.oom_control`)),
      atLimit: this.#wasAtLimit(`${memory}/memory`) || this.#wasAtLimit(`${memory}/memory.memsw`),
    };
  }

  /** The count of refusals, memory.failcnt, would say it, but Linux 6.18 leaves it at 0. */
  #wasAtLimit(files: string): boolean {
    if (!this.#system.exists(`${files}.limit_in_bytes`)) return false;
    const limit = limitIn(this.#system.read(`${files}.limit_in_bytes`));
    return limit !== undefined && Number(this.#system.read(`${files}.max_usage_in_bytes`)) >= limit - LARGEST_CHARGE;
  }

  #memoryInUse(folder: string): number {
    const charged = Number(this.#system.read(`${folder}/memory.usage_in_bytes`));
    const reclaimable = numberOf('total_inactive_file', this.#system.read(`${folder}/memory.stat`));
    return Math.max(0, charged - reclaimable);
  }

  /** Memory alone never may have a higher limit than memory and swap together, so the order depends on the direction. */
  #memoryWrites(folder: string, bytes: number | undefined): LimitWrite[] {
    const holds = (readBack: string) => isMemoryLimit(readBack, bytes);
    const text = bytes === undefined ? '-1' : String(bytes);
    const alone = { path: `${folder}/memory.limit_in_bytes`, text, holds };
    const withSwap = { path: `${folder}/memory.memsw.limit_in_bytes`, text, holds };
    if (!this.#system.exists(withSwap.path)) return [alone];
    const now = limitIn(this.#system.read(withSwap.path)) ?? Number.POSITIVE_INFINITY;
    return (bytes ?? Number.POSITIVE_INFINITY) > now ? [withSwap, alone] : [alone, withSwap];
  }

  #cpuWrites(folder: string, cpuRate: number | undefined): LimitWrite[] {
    const quotaPath = `${folder}/cpu.cfs_quota_us`;
    const periodPath = `${folder}/cpu.cfs_period_us`;
    const { quota, period } = cpuRate === undefined ? { quota: -1, period: USUAL_PERIOD } : bandwidthOf(cpuRate);
    const samePeriod = Number(this.#system.read(periodPath)) === period;
    // The old quota in a new period could be more than the group above allows, which would be refused.
    const between = samePeriod ? [] : [exactly(quotaPath, -1), exactly(periodPath, period)];
    return [...between, exactly(quotaPath, quota)];
  }
}

function exactly(path: string, value: number | 'max'): LimitWrite {
  return { path, text: String(value), holds: (readBack) => readBack.trim() === String(value) };
}
