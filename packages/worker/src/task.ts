/** What a handler is told about its task, and what it can tell the caller. Members may be destructured. */
export interface Task {
  readonly id: number;
  readonly handler: string;
  /** 1 for the first time that this task runs. */
  readonly attempt: number;
  readonly tenant: string;
  readonly metadata: Record<string, string>;
  readonly idempotencyKey: string | null;
  /** W3C trace context of the caller. */
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  /** Aborted when the caller gives up; the reason is an AbortError. */
  readonly signal: AbortSignal;
  /** The worker's slot. */
  readonly slot: number;
  /** Milliseconds until the task's time is up: `Infinity` without a limit, never below 0. */
  remainingMs(): number;
  /** Hands a JSON value to the caller's `onProgress`; a JsonValueError if JSON would change it. */
  progress(value: unknown): void;
  /** Writes a log line of this task. */
  log(level: string, message: string, fields?: object): void;
}
