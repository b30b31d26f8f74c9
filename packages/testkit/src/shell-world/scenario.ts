import type { PoolOptions, Retries } from '@ostler/pool';
import type { Deed } from './deed.js';

/** A task that is to be submitted. Bytes and milliseconds. */
export interface TaskPlan {
  readonly deed: Deed;
  /** Attempts that do so; later ones reply. */
  readonly times: number;
  readonly size: number;
  readonly replySize: number;
  readonly asText?: boolean;
  readonly tenant?: string;
  readonly key?: string;
  readonly priority?: number;
  readonly timeout?: number;
  readonly queueTimeout?: number;
  readonly retries?: Retries;
}

/** How somebody reads a stream: one chunk every so many events; after `leaves` of them they have seen enough. */
export interface ConsumerPlan {
  readonly chunks: number;
  readonly every: number;
  readonly leaves: number;
}

/** How a worker is, whatever its tasks. */
export interface Temperament {
  readonly start: 'well' | 'EAGAIN' | 'crash' | 'leave' | 'silent' | 'init-fails' | 'prints';
  readonly channel: 'private' | 'stdout';
  readonly knowsLedger: boolean;
  readonly readsWhileBusy: boolean;
  readonly ignoresCancel: boolean;
  readonly ignoresSigterm: boolean;
}

/** One thing that is done to the pool. */
export type Act =
  | { readonly type: 'run'; readonly task: TaskPlan }
  | { readonly type: 'call'; readonly task: TaskPlan }
  | { readonly type: 'stream'; readonly task: TaskPlan; readonly consumer: ConsumerPlan }
  | { readonly type: 'many'; readonly tasks: readonly TaskPlan[] }
  | { readonly type: 'map'; readonly tasks: readonly TaskPlan[]; readonly inFlight: number; readonly ordered: boolean }
  /** Of the task so-and-so, modulo their number. */
  | { readonly type: 'abort'; readonly task: number }
  | { readonly type: 'pause' | 'resume' | 'close' | 'destroy' }
  | { readonly type: 'resize'; readonly size: { readonly minWorkers: number; readonly maxWorkers: number } }
  | { readonly type: 'replace'; readonly surge: number }
  | { readonly type: 'advance'; readonly time: number };

/** An act, and how many events of the machine follow it. */
export interface Move {
  readonly act: Act;
  readonly events: number;
}

/** A pool on a machine, with workers of these temperaments in turn, what is done to it, and how it ends. */
export interface Scenario {
  readonly seed: number;
  readonly pool: PoolOptions;
  readonly cpus: number;
  readonly machine: { readonly hasPrivateChannel: boolean; readonly hasLedgers: boolean };
  readonly workers: readonly Temperament[];
  readonly moves: readonly Move[];
  readonly end: 'close' | 'destroy';
}
