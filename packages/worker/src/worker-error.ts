/** An error of the SDK itself; the caller reads it as `remote` of its TaskFailedError. Own properties travel as `data`. */
class WorkerError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The task names a handler that this worker does not have. */
export class HandlerNotFoundError extends WorkerError {
  readonly known: readonly string[];

  constructor(handler: string, known: readonly string[]) {
    super(`There is no handler '${handler}'; this worker has ${known.length > 0 ? known.join(', ') : 'none'}`);
    this.known = known;
  }
}

/** The reply is larger than the pool's `maxBodySize`, in bytes. */
export class BodyTooLargeError extends WorkerError {
  readonly size: number;
  readonly limit: number;

  constructor(what: string, size: number, limit: number) {
    super(`${what} has ${size} bytes, the limit is ${limit}`);
    this.size = size;
    this.limit = limit;
  }
}

/** What a handler gave is no reply to what its caller asked for: a stream instead of one value, a value instead of bytes. */
export class ReplyKindError extends WorkerError {}
