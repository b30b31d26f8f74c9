import type { HeldUsage } from '../os/limits.js';
import type { OperatingSystem } from '../os/operating-system.js';

/** What a cost needs to know of a worker. */
export interface MeteredWorker {
  readonly id: number;
  readonly pid: number | undefined;
  usage(): HeldUsage | null;
}

/** What a task used of its worker; `exact`: there was no other task meanwhile. */
export interface MeasuredCost {
  readonly cpuMs: number | null;
  readonly peakMemory: number | null;
  readonly exact: boolean;
}

interface Begun {
  readonly worker: MeteredWorker;
  readonly cpuMs: number | null;
  exact: boolean;
}

const NOTHING: MeasuredCost = { cpuMs: null, peakMemory: null, exact: false };

/** Measures what tasks use whose callers asked for it. */
export class CostMeter {
  readonly #os: OperatingSystem;
  readonly #begun = new Map<number, Begun>();

  constructor(os: OperatingSystem) {
    this.#os = os;
  }

  /** Whether a task is under way whose cost is asked for. */
  get isMetering(): boolean {
    return this.#begun.size > 0;
  }

  /** A task goes to a worker that has `others` beside it. `metered`: its cost is asked for. */
  sent(slot: number, worker: MeteredWorker, { others, metered }: { others: number; metered: boolean }): void {
    for (const each of this.#begun.values()) if (each.worker === worker) each.exact = false;
    if (metered) this.#begun.set(slot, { worker, cpuMs: this.#cpuOf(worker), exact: others === 0 });
  }

  /** The task has settled. Of one that never ran, and of a worker that is gone, nothing is known. */
  settled(slot: number): MeasuredCost {
    const begun = this.#begun.get(slot);
    if (begun === undefined) return NOTHING;
    this.#begun.delete(slot);
    const { worker, exact } = begun;
    const cpuMs = this.#cpuOf(worker);
    if (cpuMs === null || begun.cpuMs === null) return NOTHING;
    const { pid } = worker;
    const peakMemory = worker.usage()?.peakMemory ?? (pid === undefined ? null : this.#os.peakMemory(pid));
    return { cpuMs: Math.max(0, cpuMs - begun.cpuMs), peakMemory, exact };
  }

  #cpuOf(worker: MeteredWorker): number | null {
    const { pid } = worker;
    return worker.usage()?.cpuMs ?? (pid === undefined ? null : (this.#os.inspect(pid)?.cpuMs ?? null));
  }
}
