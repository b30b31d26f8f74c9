import type { ConsumerPlan } from './scenario.js';
import { chunkOf } from './task-body.js';
import type { TaskEnd, TaskRecord } from './task-record.js';

/** Somebody who reads a stream at a pace of their own, and may leave before its end. */
export class StreamConsumer {
  readonly #task: TaskRecord;
  readonly #stream: AsyncIterator<Uint8Array, undefined>;
  readonly #plan: ConsumerPlan;
  readonly #tell: (end: TaskEnd) => void;
  #taken = 0;
  #events = 0;
  #waits = false;
  #done = false;

  constructor(
    task: TaskRecord,
    parts: { stream: AsyncIterator<Uint8Array, undefined>; plan: ConsumerPlan; tell: (end: TaskEnd) => void },
  ) {
    this.#task = task;
    this.#stream = parts.stream;
    this.#plan = parts.plan;
    this.#tell = parts.tell;
    this.#take();
  }

  /** An event has happened; a greedy consumer takes what it can get. */
  event(greedy: boolean): void {
    this.#events++;
    if (this.#done || this.#waits) return;
    if (this.#taken >= this.#plan.leaves) this.leave();
    else if (greedy || this.#events % this.#plan.every === 0) this.#take();
  }

  leave(): void {
    if (this.#done) return;
    this.#done = true;
    this.#task.mayBeAborted = true;
    this.#task.hasLeft = true;
    this.#stream.return?.().then(
      () => this.#tell({ value: '' }),
      (error: Error) => this.#tell({ error }),
    );
  }

  #take(): void {
    this.#waits = true;
    this.#stream.next().then(
      (item) => this.#took(item),
      (error: Error) => this.#ends({ error }),
    );
  }

  #took(item: IteratorResult<Uint8Array, undefined>): void {
    this.#waits = false;
    if (item.done === true) {
      const isWhole = this.#taken === this.#plan.chunks;
      this.#ends({ value: isWhole ? '' : `${this.#taken} of ${this.#plan.chunks} chunks` });
      return;
    }
    this.#task.chunkBytes.taken += item.value.length;
    const wanted = chunkOf(this.#task.id, this.#taken++, this.#task.plan.replySize);
    if (!wanted.equals(item.value)) {
      const got = Buffer.from(item.value.subarray(0, 40)).toString('latin1');
      this.#ends({ value: `'${got}' as chunk ${this.#taken - 1}` });
    }
  }

  #ends(end: TaskEnd): void {
    if (this.#done) return;
    this.#done = true;
    this.#tell(end);
  }
}
