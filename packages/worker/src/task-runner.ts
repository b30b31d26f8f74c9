import { decodeValue, Encoding } from '@ostler/protocol';
import type { Handler, Handlers } from './handler.js';
import { abortError, type LiveTask } from './live-task.js';
import { type Items, itemsOf, OutgoingStream } from './outgoing-stream.js';
import type { ReplyWriter } from './reply-writer.js';
import { taskContext } from './task-context.js';
import type { Turn } from './turn.js';
import { HandlerNotFoundError, ReplyKindError } from './worker-error.js';

/** A handler that took this many milliseconds may do so again: what is held is written before it begins. */
const LONG = 1;

interface KnownHandler {
  readonly run: Handler;
  /** Whether it took long the last time, before it gave something back. */
  isSlow: boolean;
}

export interface RunnerParts {
  readonly handlers: Handlers;
  readonly replies: ReplyWriter;
  readonly turn: Turn;
  /** Called when a handler is done, before its terminal frame goes out. */
  onFinished(task: LiveTask): void;
  /** Called once, when no task is left and none will come. */
  onDrained(): void;
}

/**
 * Runs the tasks in the order in which they came, `concurrency` at a time. A sync handler runs where its TASK frame is
 * read, without a promise, a timer or a closure; the reply of each task is written before the next one begins.
 */
export class TaskRunner {
  /** How many async handlers may run at once. */
  concurrency = 1;
  readonly #parts: RunnerParts;
  readonly #handlers: ReadonlyMap<string, KnownHandler>;
  /** In order of arrival. */
  readonly #waiting = new Map<number, LiveTask>();
  /** Whose handlers have returned a promise or a stream. */
  readonly #running = new Map<number, LiveTask>();
  #open = false;
  #ended = false;
  #resuming = false;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#handlers = new Map(Object.entries(parts.handlers).map(([name, run]) => [name, { run, isSlow: false }]));
  }

  /** Tasks may begin: the worker is ready. */
  open(): void {
    this.#open = true;
    this.#beginWaiting();
  }

  accept(task: LiveTask): void {
    if (this.#waiting.size === 0 && this.#mayBegin() && !this.#parts.turn.isOver()) {
      this.#begin(task);
      return;
    }
    this.#waiting.set(task.id, task);
    this.#beginWaiting();
  }

  /** A task that waits is given back at once, a running one is asked to stop; any other id is a task that is done. */
  cancel(id: number): void {
    if (this.recall(id)) return;
    const running = this.#running.get(id);
    if (running !== undefined) taskContext.run(running, () => running.cancel());
  }

  /** Gives a task back if it waits: true if it did. */
  recall(id: number): boolean {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return false;
    this.#waiting.delete(id);
    this.giveBack(waiting);
    return true;
  }

  /** For a task that was cancelled before it began. */
  giveBack(task: LiveTask): void {
    task.done = true;
    this.#parts.replies.notStarted(task, abortError(task.id));
  }

  credit(id: number, bytes: number): void {
    this.#running.get(id)?.stream?.addCredit(bytes);
  }

  /** No task will come any more. A stream that needs more credit stops, as none will come either. */
  end(): void {
    this.#ended = true;
    for (const { stream } of this.#running.values()) stream?.endCredit();
    this.#beginWaiting();
  }

  #mayBegin(): boolean {
    return this.#open && this.#running.size < this.concurrency;
  }

  #beginWaiting(): void {
    if (!this.#resuming) this.#beginAll();
    this.#parts.replies.flush();
    if (this.#ended && this.#waiting.size === 0 && this.#running.size === 0) this.#parts.onDrained();
  }

  #beginAll(): void {
    for (const [id, task] of this.#waiting) {
      if (!this.#mayBegin()) return;
      if (this.#parts.turn.isOver()) {
        this.#resuming = true;
        this.#parts.turn.next(() => this.#resume());
        return;
      }
      this.#waiting.delete(id);
      this.#begin(task);
    }
  }

  #resume(): void {
    this.#resuming = false;
    this.#beginWaiting();
  }

  #begin(task: LiveTask): void {
    let result: unknown;
    try {
      result = this.#call(task);
    } catch (error) {
      this.#fail(task, error);
      return;
    }
    if (isThenable(result)) this.#await(task, result);
    else this.#settle(task, result);
  }

  #call(task: LiveTask): unknown {
    const handler = this.#handlers.get(task.handler);
    if (handler === undefined) throw new HandlerNotFoundError(task.handler, [...this.#handlers.keys()]);
    const { replies, turn } = this.#parts;
    const now = turn.now();
    replies.begin(task, { now, mayTakeLong: handler.isSlow });
    try {
      const body = task.begin();
      const input = task.encoding === Encoding.bytes ? body : decodeValue(task.encoding, body);
      return taskContext.run(task, handler.run, input, task);
    } finally {
      handler.isSlow = turn.now() - now > LONG;
    }
  }

  #await(task: LiveTask, promise: PromiseLike<unknown>): void {
    this.#running.set(task.id, task);
    // Outside of the task's context, so that the tasks that these callbacks begin do not inherit it.
    Promise.resolve(promise).then(
      (value) => {
        this.#running.delete(task.id);
        this.#settle(task, value);
        this.#beginWaiting();
      },
      (error) => this.#failLater(task, error),
    );
  }

  #settle(task: LiveTask, value: unknown): void {
    try {
      const items = itemsOf(value);
      if (items !== undefined) {
        this.#stream(task, items);
        return;
      }
      if (task.wantsStream) {
        this.#parts.replies.chunk(task, value);
        this.#end(task);
        return;
      }
      this.#parts.onFinished(task);
      this.#parts.replies.result(task, value);
      task.done = true;
    } catch (error) {
      this.#fail(task, error);
    }
  }

  #stream(task: LiveTask, items: Items): void {
    const { replies, turn } = this.#parts;
    const stream = new OutgoingStream(items, turn);
    if (!task.wantsStream) {
      stream.stop();
      throw new ReplyKindError(
        `Handler '${task.handler}' streams, but its caller takes one value: call it by stream()`,
      );
    }
    task.stream = stream;
    this.#running.set(task.id, task);
    if (task.cancelled) stream.stop();
    if (this.#ended) stream.endCredit();
    const sent = taskContext.run(task, () => stream.send((item) => replies.chunk(task, item)));
    sent.then(
      (complete) => {
        if (!complete) {
          this.#failLater(task, abortError(task.id));
          return;
        }
        this.#running.delete(task.id);
        this.#end(task);
        this.#beginWaiting();
      },
      (error) => this.#failLater(task, error),
    );
  }

  #end(task: LiveTask): void {
    this.#parts.onFinished(task);
    this.#parts.replies.end(task);
    task.done = true;
  }

  #fail(task: LiveTask, error: unknown): void {
    this.#parts.onFinished(task);
    this.#parts.replies.failure(task, error);
    task.done = true;
  }

  #failLater(task: LiveTask, error: unknown): void {
    this.#running.delete(task.id);
    this.#fail(task, error);
    this.#beginWaiting();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
