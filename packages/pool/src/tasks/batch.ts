import { Encoding, type Frame } from '@ostler/protocol';
import type { RetryPolicy, TaskSpec } from '../core/index.js';
import type { OstlerError } from '../errors.js';
import type { Body, Outcome, RunOptions } from '../run-options.js';
import { bodySize, ownBytes } from './body.js';
import { PendingTask, retryPolicy, type TaskDefaults } from './pending-task.js';

/** The tasks of one `runMany`: one unit for the scheduler until they are sent, one promise for the caller. */
export class PendingBatch implements TaskSpec {
  readonly bytes: number;
  readonly priority: number;
  readonly timeout: number;
  readonly queueTimeout: number;
  readonly tenant: string;
  readonly key: string | undefined;
  readonly retries: RetryPolicy | undefined;
  readonly batch: Float64Array;
  readonly outcomes: Outcome[];
  /** Slots of the items that are on their way. */
  readonly drawn = new Set<number>();
  onAbort: (() => void) | undefined;
  #unsettled: number;

  constructor(
    readonly bodies: readonly Body[],
    readonly options: RunOptions | undefined,
    private readonly defaults: TaskDefaults,
    private readonly done: (outcomes: Outcome[]) => void,
  ) {
    this.batch = Float64Array.from(bodies, bodySize);
    this.bytes = this.batch.reduce((sum, size) => sum + size, 0);
    this.priority = options?.priority ?? 0;
    const own = defaults.isTimed ? options : undefined;
    this.timeout = own?.timeout ?? defaults.taskTimeout;
    this.queueTimeout = own?.queueTimeout ?? defaults.queueTimeout;
    this.tenant = options?.tenant ?? '';
    this.key = options?.key;
    this.retries = retryPolicy(options, defaults);
    this.outcomes = new Array(bodies.length);
    this.#unsettled = bodies.length;
  }

  /** Item `index` as a task of its own; its outcome is kept in its place. */
  item(index: number): PendingTask {
    const caller = {
      fulfil: (frame: Frame): void => this.settle(index, { status: 'fulfilled', value: ownBytes(frame.body) }),
      reject: (error: Error): void => this.settle(index, { status: 'rejected', reason: error as OstlerError }),
    };
    const body = this.bodies[index] as Body;
    const input = { body, bytes: this.batch[index] as number, encoding: Encoding.bytes, options: this.options };
    return new PendingTask(input, caller, this.defaults, this);
  }

  settle(index: number, outcome: Outcome): void {
    this.outcomes[index] = outcome;
    if (--this.#unsettled > 0) return;
    if (this.onAbort !== undefined) this.options?.signal?.removeEventListener('abort', this.onAbort);
    this.done(this.outcomes);
  }
}
