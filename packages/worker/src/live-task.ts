import { Flag, type TaskMetadata } from '@ostler/protocol';
import type { OutgoingStream } from './outgoing-stream.js';
import type { Task } from './task.js';

/** What a task needs of the worker that runs it. */
export interface TaskHost {
  readonly slot: number;
  now(): number;
  sendProgress(task: LiveTask, value: unknown): void;
  sendLog(task: LiveTask, record: LogRecord): void;
}

export interface LogRecord {
  readonly level: string;
  readonly message: string;
  readonly fields?: object | undefined;
  readonly source?: 'stdout' | 'stderr';
}

export interface Assignment {
  readonly id: number;
  readonly flags: number;
  readonly encoding: number;
  readonly fields: TaskMetadata;
  /** Memory that nobody else writes to. */
  readonly body: Uint8Array;
}

/** A task from its TASK frame to its terminal frame. There is one object per task, so whatever few tasks use is made on demand. */
export class LiveTask implements Task {
  readonly id: number;
  readonly encoding: number;
  /** Whether the caller takes chunks. */
  readonly wantsStream: boolean;
  body: Uint8Array;
  /** Whether the terminal frame is out; nothing may be said in this task's name afterwards. */
  done = false;
  cancelled = false;
  stream: OutgoingStream | undefined = undefined;
  #host: TaskHost;
  #fields: TaskMetadata;
  #deadline = Number.POSITIVE_INFINITY;
  #controller: AbortController | undefined = undefined;
  #metadata: Record<string, string> | undefined = undefined;

  constructor({ id, flags, encoding, fields, body }: Assignment, host: TaskHost) {
    this.id = id;
    this.encoding = encoding;
    this.wantsStream = (flags & Flag.stream) !== 0;
    this.body = body;
    this.#fields = fields;
    this.#host = host;
  }

  get handler(): string {
    return this.#fields.handler;
  }
  get attempt(): number {
    return this.#fields.attempt;
  }
  get tenant(): string {
    return this.#fields.tenant;
  }
  get idempotencyKey(): string | null {
    return this.#fields.idempotencyKey;
  }
  get traceparent(): string | null {
    return this.#fields.traceparent;
  }
  get tracestate(): string | null {
    return this.#fields.tracestate;
  }
  get slot(): number {
    return this.#host.slot;
  }

  /** A copy, because tasks with the same metadata share the decoded one. */
  get metadata(): Record<string, string> {
    this.#metadata ??= { ...this.#fields.metadata };
    return this.#metadata;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.cancelled) this.#abort();
    }
    return this.#controller.signal;
  }

  // Functions made when asked for, so that `{ progress, log }` can be taken out of a task.

  get remainingMs(): () => number {
    return () => Math.max(0, this.#deadline - this.#host.now());
  }
  get progress(): (value: unknown) => void {
    return (value) => this.#host.sendProgress(this, value);
  }
  get log(): (level: string, message: string, fields?: object) => void {
    return (level, message, fields) => {
      this.#host.sendLog(this, { level: String(level), message: String(message), fields });
    };
  }

  /** The time limit counts from here. Gives up the input: what the handler does not keep can be freed. */
  begin(): Uint8Array {
    const { remainingMs } = this.#fields;
    if (remainingMs !== Number.POSITIVE_INFINITY) this.#deadline = this.#host.now() + remainingMs;
    const body = this.body;
    this.body = NOTHING;
    return body;
  }

  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.stream?.stop();
    this.#abort();
  }

  #abort(): void {
    this.#controller?.abort(abortError(this.id));
  }
}

const NOTHING = new Uint8Array(0);

/** What a handler's signal has as its reason, and what a cancelled task fails with. */
export function abortError(taskId: number): DOMException {
  return new DOMException(`The caller gave up task ${taskId}`, 'AbortError');
}
