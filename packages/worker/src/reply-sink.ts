/** Where frames go: the channel. */
export interface ReplySink {
  /** Publishes the first `length` bytes: when this returns, the death of the worker cannot lose them. The memory may then be reused. */
  write(bytes: Uint8Array, length: number): void;
}
