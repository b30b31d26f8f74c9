import type { Frame } from '@ostler/protocol';
import type { RetryPolicy, TaskSpec } from '../core/index.js';
import type { AttemptEvidence } from '../errors.js';
import type { Body, RunOptions, TaskCost } from '../run-options.js';
import type { Ending } from './ending.js';

/** Who waits for a task: told once, by `fulfil` or by `reject`. */
export interface TaskCaller {
  /** Takes the reply in before the task is settled, where it may be malformed: a FrameError then. */
  read?(frame: Frame): void;
  /** The reply; the frame's views are valid only during the call. */
  fulfil(frame: Frame): void;
  reject(error: Error): void;
  /** One item of a stream, and how to let the worker send more bytes; absent where the caller wants one reply. */
  chunk?(frame: Frame, grant: (bytes: number) => void): void;
}

/** A batch, as its items know it: the slots of those that are on their way. */
export interface DrawnFrom {
  readonly drawn: Set<number>;
}

/** What is to be run: a body of so many bytes in one encoding. */
export interface TaskInput {
  body: Body;
  bytes: number;
  encoding: number;
  options: RunOptions | undefined;
}

/** Options of the pool that every task inherits. Milliseconds. */
export interface TaskDefaults {
  taskTimeout: number;
  queueTimeout: number;
  retries: RetryPolicy | undefined;
  /** false: no task has a time-out, whatever its own options say. */
  isTimed: boolean;
}

/**
 * A task between `run()` and its outcome: what the scheduler wants to know, what the wire needs, and who waits for it. There may be a
 * hundred thousand of them, so it has no field that can be derived; `options` may change when `run()` has returned.
 */
export class PendingTask implements TaskSpec {
  readonly bytes: number;
  readonly handler: string;
  readonly body: Body;
  readonly encoding: number;
  readonly options: RunOptions | undefined;
  attempt = 1;
  /** Allocated by the second attempt, if there is one. */
  evidence: AttemptEvidence[] | undefined;
  onAbort: (() => void) | undefined;
  readonly #defaults: TaskDefaults;
  /** Undefined for the default: a number that is not small would be one more object. */
  readonly #timeout: number | undefined;
  readonly #queueTimeout: number | undefined;

  constructor(
    input: TaskInput,
    readonly caller: TaskCaller,
    defaults: TaskDefaults,
    /** The batch that it was drawn from. */
    readonly batchOf?: DrawnFrom,
  ) {
    const { options } = input;
    this.body = input.body;
    this.encoding = input.encoding;
    this.options = options;
    this.bytes = input.bytes;
    this.handler = options?.handler ?? 'default';
    this.#defaults = defaults;
    this.#timeout = defaults.isTimed ? options?.timeout : undefined;
    this.#queueTimeout = defaults.isTimed ? options?.queueTimeout : undefined;
  }

  get timeout(): number {
    return this.#timeout ?? this.#defaults.taskTimeout;
  }

  get queueTimeout(): number {
    return this.#queueTimeout ?? this.#defaults.queueTimeout;
  }

  // Read once, when the task is admitted.

  get priority(): number {
    return this.options?.priority ?? 0;
  }

  get tenant(): string {
    return this.options?.tenant ?? '';
  }

  get key(): string | undefined {
    return this.options?.key;
  }

  get retries(): RetryPolicy | undefined {
    return this.wantsStream ? undefined : retryPolicy(this.options, this.#defaults);
  }

  get batch(): undefined {
    return undefined;
  }

  get signal(): AbortSignal | undefined {
    return this.options?.signal;
  }

  get wantsStream(): boolean {
    return this.caller.chunk !== undefined;
  }

  /** Keeps what is known of an attempt that was charged. */
  collect(ending: Ending): void {
    if (ending.gone === undefined) return;
    const { exit, stderrTail } = ending.gone;
    this.evidence ??= [];
    this.evidence.push({ attempt: this.attempt, workerId: ending.workerId ?? 0, exit, stderrTail });
  }

  /** What the task has cost, for those who asked. */
  costOf(facts: Omit<TaskCost, 'attempt'>): TaskCost {
    return { ...facts, attempt: this.attempt };
  }

  /** Nobody listens for its abort any more. */
  detach(): void {
    if (this.onAbort === undefined) return;
    this.signal?.removeEventListener('abort', this.onAbort);
    this.onAbort = undefined;
  }
}

/** The retries of a task: its own or the pool's; none where no attempt is granted. */
export function retryPolicy(options: RunOptions | undefined, defaults: TaskDefaults): RetryPolicy | undefined {
  const retries = options?.retries;
  if (retries === undefined) return defaults.retries;
  if (retries.attempts === 0) return undefined;
  return { attempts: retries.attempts, backoff: retries.backoff ?? 0, on: retries.on ?? ['crash'] };
}
