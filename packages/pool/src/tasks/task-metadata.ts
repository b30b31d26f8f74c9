import { encodeTaskMetadata } from '@ostler/protocol';
import type { PendingTask } from './pending-task.js';

/** Handlers whose encoded metadata is kept; a caller that invents names must not grow it without bound. */
const MAX_CACHED = 256;

/** Encodes what goes beside a body; tasks that name nothing but their handler share one encoding. */
export class TaskMetadataEncoder {
  readonly #byHandler = new Map<string, Uint8Array | undefined>();

  encode(task: PendingTask): Uint8Array | undefined {
    const { options } = task;
    const plain =
      task.attempt === 1 &&
      task.timeout === Infinity &&
      (options === undefined ||
        (options.tenant === undefined && options.idempotencyKey === undefined && options.metadata === undefined));
    if (plain) return this.#plain(task.handler);
    return encodeTaskMetadata({
      handler: task.handler,
      remainingMs: task.timeout,
      attempt: task.attempt,
      tenant: options?.tenant ?? '',
      idempotencyKey: options?.idempotencyKey ?? null,
      metadata: options?.metadata ?? {},
    });
  }

  #plain(handler: string): Uint8Array | undefined {
    const known = this.#byHandler.get(handler);
    if (known !== undefined || this.#byHandler.has(handler)) return known;
    const encoded = encodeTaskMetadata({ handler });
    if (this.#byHandler.size < MAX_CACHED) this.#byHandler.set(handler, encoded);
    return encoded;
  }
}
