import type { TaskPlan } from './scenario.js';

/** How the caller of a task was told. */
export type TaskEnd = { readonly value: Uint8Array | string } | { readonly error: TaskRefusal };

/** An error of the pool, as far as it is looked at. */
export interface TaskRefusal extends Error {
  readonly code?: string;
  readonly taskId?: number;
  readonly started?: boolean;
  readonly attempt?: number;
  readonly phase?: string;
  readonly remote?: { name: string; message: string };
  readonly exit?: { pid: number };
  readonly direction?: string;
}

/** All that is known of one task of the world. */
export class TaskRecord {
  readonly body: Buffer;
  /** Each time that a worker began it: in which process, as which attempt. */
  readonly begun: { readonly pid: number; readonly attempt: number }[] = [];
  /** Processes that have said its answer where the pool can hear it. */
  readonly answeredBy = new Set<number>();
  /** Processes to which it was handed. */
  readonly sentTo = new Set<number>();
  /** Whoever waits for it may have left. */
  mayBeAborted = false;
  /** Its stream is read a chunk now and then. */
  isReadSlowly = false;
  /** Its stream was left before its end. */
  hasLeft = false;
  ends: TaskEnd[] = [];
  /** How often its cost was told, shared by the tasks of one call. */
  costs = { count: 0 };
  /** Bytes of chunks that a worker has sent, and that somebody has taken. */
  chunkBytes = { sent: 0, taken: 0 };

  constructor(
    readonly id: number,
    readonly plan: TaskPlan,
    readonly kind: 'run' | 'call' | 'stream' | 'many' | 'map',
    body: Buffer,
    /** Shared by the tasks of one call. */
    readonly abort = new AbortController(),
  ) {
    this.body = body;
  }

  get isSettled(): boolean {
    return this.ends.length > 0;
  }

  /** The code of the error that it ended with, or undefined. */
  get endCode(): string | undefined {
    const [end] = this.ends;
    return end !== undefined && 'error' in end ? end.error.code : undefined;
  }

  /** The pool refused it at once: it never came in. */
  get isRefused(): boolean {
    const [end] = this.ends;
    return end !== undefined && 'error' in end && end.error.taskId === 0;
  }
}
