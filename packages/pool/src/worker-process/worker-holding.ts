import { constants } from 'node:os';
import { type GuardLimits, OsControlError } from '@ostler/native';
import type { MemoryEnd } from '../errors/memory-limit.js';
import { heapVariables, limitsEveryHeap } from '../launch/heap-variables.js';
import type { HeldUsage, Limits, WorkerHold } from '../os/limits.js';

/** What holds one worker, from before its start until nothing is left of it, and whether it died of that. */
export class WorkerHolding {
  #hold: WorkerHold | undefined;
  #overMemory: number | null = null;
  #heapIsLimited = false;

  /** Before its start. */
  begin(hold: WorkerHold): void {
    this.#hold = hold;
  }

  /** What its guard sets. */
  get guard(): GuardLimits | undefined {
    return this.#hold?.guard;
  }

  /** Undefined where nothing holds it yet. */
  get limits(): Limits | undefined {
    return this.#hold?.limits;
  }

  /** Bytes above which the pool is to kill it; undefined where there is no such limit, or the system sees to it. */
  get watchedMemory(): number | undefined {
    return this.#hold?.watchedMemory;
  }

  /** Its environment, with what keeps the heap of its runtime within its limit of memory. */
  environment(env: Readonly<Record<string, string>>, command: readonly string[]): Record<string, string> {
    const heap = heapVariables(this.#hold?.limits.memory, { env, command });
    this.#heapIsLimited = limitsEveryHeap(heap);
    return { ...env, ...heap };
  }

  usage(): HeldUsage | null {
    return this.#hold?.usage() ?? null;
  }

  /** Replaces the limits. A process may end at any time, and nobody needs to limit it then. */
  apply(pid: number, limits: Limits): void {
    try {
      this.#hold?.apply(pid, limits);
    } catch (error) {
      if (!(error instanceof OsControlError) || error.errno !== constants.errno.ESRCH) throw error;
    }
  }

  /** It is killed for the bytes that it uses. */
  tooMuchMemory(used: number): void {
    this.#overMemory ??= used;
  }

  /** Nothing is left of it. */
  end(): MemoryEnd {
    const over = this.#overMemory ?? this.#hold?.overMemory() ?? null;
    const peak = this.usage()?.peakMemory ?? null;
    this.#hold?.release();
    return { limit: this.#hold?.limits.memory, over, peak, heapIsLimited: this.#heapIsLimited };
  }
}
