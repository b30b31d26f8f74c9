import { setMaxListeners } from 'node:events';
import type { OstlerError } from '../errors.js';
import type { RunOptions } from '../run-options.js';
import { Bell } from './bell.js';

/** How `map` sends its tasks; `inFlight` counts the replies that wait for their turn, too. */
export interface MapPlan {
  inFlight: number;
  ordered: boolean;
}

/** One item of a map with `onError: 'yield'`. */
export type IndexedOutcome<T> = ({ status: 'fulfilled'; value: T } | { status: 'rejected'; reason: OstlerError }) & {
  index: number;
};

/** An item as a task: its body has so many bytes. */
export interface MapTask<T> {
  readonly bytes: number;
  run(options: RunOptions): Promise<T>;
}

/** What `map` needs of the pool. */
export interface MapRunner<I, T> {
  prepare(item: I): MapTask<T>;
  /** Whether another task of so many bytes may be submitted now. */
  hasRoom(bytes: number): boolean;
  /** Resolves when that is worth asking again. */
  room(): Promise<void>;
}

/** Items in, outcomes out: a pump that submits as long as there is room, and a consumer that it never outruns. */
class MapPipeline<I, T> {
  readonly #bell = new Bell();
  /** Outcomes that wait to be taken, by index. */
  readonly #outcomes = new Map<number, IndexedOutcome<T>>();
  #submitted = 0;
  #taken = 0;
  #exhausted = false;
  #stopped = false;
  #pulling = false;
  #sourceError: { error: unknown } | undefined;

  constructor(
    readonly source: AsyncIterator<I> | Iterator<I>,
    readonly runner: MapRunner<I, T>,
    readonly plan: MapPlan,
  ) {}

  async pump(options: RunOptions): Promise<void> {
    try {
      while (!this.#stopped) {
        if (this.#submitted - this.#taken >= this.plan.inFlight) {
          await this.#bell.wait();
          continue;
        }
        this.#pulling = true;
        const item = await this.source.next();
        this.#pulling = false;
        if (item.done === true || this.#stopped) break;
        const task = this.runner.prepare(item.value);
        // Others wait for the same room: who has waited looks again, and submits in the same breath.
        while (!this.runner.hasRoom(task.bytes)) await this.runner.room();
        this.#submit(task, options);
      }
    } catch (error) {
      this.#sourceError = { error };
    }
    this.#exhausted = true;
    this.#bell.ring();
  }

  /** The next outcome, or undefined after the last; rejects where the source of the items failed. */
  async take(): Promise<IndexedOutcome<T> | undefined> {
    for (;;) {
      const outcome = this.plan.ordered ? this.#outcomes.get(this.#taken) : this.#outcomes.values().next().value;
      if (outcome !== undefined) {
        this.#outcomes.delete(outcome.index);
        this.#taken++;
        this.#bell.ring();
        return outcome;
      }
      if (this.#exhausted && this.#taken === this.#submitted) break;
      await this.#bell.wait();
    }
    if (this.#sourceError !== undefined) throw this.#sourceError.error;
    return undefined;
  }

  /** Ends the pump; the source learns that nobody wants more of it. One that is waiting for its own next item is not waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#bell.ring();
    if (this.#exhausted) return;
    const ended = Promise.resolve(this.source.return?.());
    if (this.#pulling) ended.catch((error: unknown) => (this.#sourceError = { error }));
    else await ended;
  }

  #submit(task: MapTask<T>, options: RunOptions): void {
    const index = this.#submitted++;
    const settle = (outcome: IndexedOutcome<T>): void => {
      this.#outcomes.set(index, outcome);
      this.#bell.ring();
    };
    task.run(options).then(
      (value) => settle({ status: 'fulfilled', value, index }),
      (reason: OstlerError) => settle({ status: 'rejected', reason, index }),
    );
  }
}

/** Runs a task per item and yields what became of each; a consumer that leaves aborts the rest. */
export async function* mapOutcomes<I, T>(
  items: Iterable<I> | AsyncIterable<I>,
  runner: MapRunner<I, T>,
  { plan, options }: { plan: MapPlan; options: RunOptions },
): AsyncGenerator<IndexedOutcome<T>, void, undefined> {
  const left = new AbortController();
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
  setMaxListeners(0, signal); // a listener per task in flight is no leak
  const pipeline = new MapPipeline(iteratorOf(items), runner, plan);
  void pipeline.pump({ ...options, signal });
  try {
    for (let outcome = await pipeline.take(); outcome !== undefined; outcome = await pipeline.take()) yield outcome;
  } finally {
    left.abort(new DOMException('the consumer of map() has left', 'AbortError'));
    await pipeline.stop();
  }
}

/** The values of a map that throws at the first failure. */
export async function* mapValues<T>(outcomes: AsyncGenerator<IndexedOutcome<T>>): AsyncGenerator<T, void, undefined> {
  for await (const outcome of outcomes) {
    if (outcome.status === 'rejected') throw outcome.reason;
    yield outcome.value;
  }
}

function iteratorOf<I>(items: Iterable<I> | AsyncIterable<I>): AsyncIterator<I> | Iterator<I> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
