import type { Scheduler } from './core/index.js';
import { BodyTooLargeError, InvalidOptionError, PoolClosedError, QueueFullError, TaskAbortedError } from './errors.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { Body, RunOptions } from './run-options.js';
import { bodySize, isBody } from './tasks/body.js';

/** The facts of a task that never came in. */
export const NOT_STARTED = { taskId: 0, started: false, attempt: 0 } as const;

/** What may come in: a body that is none or too large, a task that comes too late or to a full queue is refused at once. */
export class Admission {
  readonly #options: ResolvedOptions;
  readonly #scheduler: Scheduler;
  #closed = false;

  constructor(options: ResolvedOptions, scheduler: Scheduler) {
    this.#options = options;
    this.#scheduler = scheduler;
  }

  /** From now on every task is refused. */
  close(): void {
    this.#closed = true;
  }

  /** Why this can't be a body; `option` is what the caller knows it as. */
  bodyError(body: Body, option: string, bytes = isBody(body) ? bodySize(body) : 0): Error | undefined {
    if (!isBody(body)) return new InvalidOptionError({ option, value: body, expected: 'a string or a Uint8Array' });
    const { maxBodySize: limit, name: pool } = this.#options;
    if (bytes <= limit) return undefined;
    this.#scheduler.taskRefused(1, 'closed');
    return new BodyTooLargeError({ pool, direction: 'task', size: bytes, limit, ...NOT_STARTED });
  }

  /** Why `count` tasks of so many bytes together can't come in now. */
  refusal(bytes: number, count: number, options: RunOptions | undefined): Error | undefined {
    const aborted = options?.signal?.aborted === true;
    const limit = this.#scheduler.limitReached(bytes, count);
    if (!this.#closed && !aborted && limit === null) return undefined;
    const facts = { pool: this.#options.name, handler: options?.handler ?? 'default', ...NOT_STARTED };
    if (this.#closed) {
      this.#scheduler.taskRefused(count, 'closed');
      return new PoolClosedError(facts);
    }
    if (aborted || limit === null) return new TaskAbortedError({ ...facts, cause: options?.signal?.reason });
    this.#scheduler.taskRefused(count, 'full');
    return new QueueFullError({ ...facts, option: limit, limit: this.#options.core[limit] });
  }
}
