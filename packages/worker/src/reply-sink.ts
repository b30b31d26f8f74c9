/** Where frames go. Today that is the channel; a ledger in shared memory fits behind the same interface. */
export interface ReplySink {
  /** Publishes the first `length` bytes: when this returns, the death of the worker cannot lose them. The memory may then be reused. */
  write(bytes: Uint8Array, length: number): void;
}
