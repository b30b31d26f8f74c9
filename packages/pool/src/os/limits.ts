import type { GuardLimits } from '@ostler/native';
import type { Priority } from '../pool-options.js';

/** What holds a worker; absent is no limit. */
export interface Limits {
  readonly priority?: Priority | undefined;
  /** Global CPU numbers. */
  readonly cpus?: readonly number[] | undefined;
  /** Bytes, of the worker and all that it starts. */
  readonly memory?: number | undefined;
  /** In CPUs. */
  readonly cpuRate?: number | undefined;
  readonly maxProcesses?: number | undefined;
}

export type LimitName = keyof Limits;

/** Why a limit can't be enforced here, and what is done about it instead, in words; null for nothing. */
export interface MissingLimit {
  readonly reason: string;
  readonly instead: string | null;
}

/** What the system says of a worker and all that it has started; null where it doesn't. Bytes and milliseconds. */
export interface HeldUsage {
  readonly memory: number | null;
  readonly peakMemory: number | null;
  readonly cpuMs: number | null;
}

/** What holds one worker, from before its first instruction until nothing is left of it. */
export interface WorkerHold {
  /** What its guard sets. */
  readonly guard: GuardLimits;
  /** Bytes that nobody but the pool watches over, as the system doesn't. */
  readonly watchedMemory: number | undefined;
  /** Those that it has now. */
  readonly limits: Limits;
  /**
   * Replaces the limits of the live worker and all below it, and reads them back. Throws an OsControlError of @ostler/native
   * where the system refuses; then it has those that it had.
   */
  apply(pid: number, limits: Limits): void;
  usage(): HeldUsage | null;
  /** The bytes that it had when the system killed it, or a part of it, for its limit of memory; null where that did not happen. */
  overMemory(): number | null;
  /** Nothing is left of the worker. */
  release(): void;
}

/** Holds the workers of one pool. */
export interface Limiter {
  /** OsControlError where the system refuses. */
  hold(workerId: number, limits: Limits): WorkerHold;
  /** No worker is left. */
  close(): void;
}
