import { EventEmitter } from 'node:events';
import { Encoding } from '@ostler/protocol';
import { NOT_STARTED } from './admission.js';
import { Announcer } from './announcer.js';
import { DeadlineTimer } from './deadline-timer.js';
import { OsControlError, PoolClosedError } from './errors.js';
import type { Input, Output } from './handler-types.js';
import { Intake } from './intake.js';
import { Lifeline } from './lifeline.js';
import { LogOutput } from './log-output.js';
import { type Machine, thisMachine } from './machine.js';
import { checkCloseOptions, checkReplaceOptions, resolveMapPlan, resolveResize } from './options/call-options.js';
import { findProfile } from './options/profiles.js';
import { resolveOptions } from './options/resolve-options.js';
import type { ResolvedOptions } from './options/resolved-options.js';
import type { PoolEvents } from './pool-events.js';
import type { PoolOptions } from './pool-options.js';
import type { PoolStats } from './pool-stats.js';
import type { Body, MapOptions, Outcome, RunOptions } from './run-options.js';
import { Shell, type ShellListener } from './shell.js';
import { Statistics } from './statistics.js';
import { bodySize, isBody } from './tasks/body.js';
import { BytesCaller } from './tasks/bytes-caller.js';
import { encodeCallValue } from './tasks/call-value.js';
import { type IndexedOutcome, type MapTask, mapOutcomes, mapValues } from './tasks/map.js';
import { TaskStream } from './tasks/task-stream.js';
import { Waiters } from './waiters.js';

/**
 * A pool of warm worker processes. Each task is run by one process, at most once unless retries were asked for, and its
 * promise always settles. Throws an InvalidOptionError for options that it does not understand.
 */
// biome-ignore lint/suspicious/noExplicitAny: the contract's default for untyped handlers
export class ProcessPool<H = any> extends EventEmitter<PoolEvents> implements AsyncDisposable {
  readonly #options: ResolvedOptions;
  readonly #lifeline: Lifeline;
  readonly #announcer: Announcer;
  readonly #shell: Shell;
  readonly #statistics: Statistics;
  readonly #intake: Intake;
  readonly #readyWaiters = new Waiters();
  readonly #roomWaiters = new Waiters();
  readonly #replaceWaiters = new Waiters();
  readonly #profileWaiters = new Waiters();
  readonly #closeWaiters = new Waiters();
  #state: PoolStats['state'] = 'running';
  #profile: string | null = null;
  #startError: Error | undefined;
  #size: { minWorkers: number; maxWorkers: number };

  constructor(options: PoolOptions) {
    super();
    const { os, surroundings } = this.machine();
    this.#options = resolveOptions(options, surroundings, (limits) => os.missingLimits(limits));
    this.#size = { minWorkers: this.#options.core.minWorkers, maxWorkers: this.#options.core.maxWorkers };
    this.#lifeline = new Lifeline(this.#options.keepAlive);
    const announcer = new Announcer(this);
    this.#announcer = announcer;
    const { name, output } = this.#options;
    const log = new LogOutput(output, { name, emitter: this, announcer });
    this.#shell = new Shell({
      options: this.#options,
      os,
      announcer,
      lifeline: this.#lifeline,
      log,
      listener: this.#listener(),
    });
    this.#statistics = new Statistics(this.#shell);
    this.#intake = new Intake(this.#options, { shell: this.#shell, lifeline: this.#lifeline });
    const isWatched = this.#options.dev.inspect !== false; // by somebody who sits before it
    for (const warning of this.#options.warnings) {
      if (isWatched) log.warn(warning);
      else announcer.announce('warning', warning);
    }
    const { profileAtStart } = this.#shell;
    if (profileAtStart === undefined) this.#shell.feed((scheduler, now) => scheduler.resized(this.#size, now));
    else this.#apply(profileAtStart);
  }

  /** Resolves when `minWorkers` are warm; rejects with WorkerStartError where they can't be started. */
  ready(): Promise<void> {
    if (this.#ended) return Promise.reject(this.#closedError());
    if (this.#warm()) return Promise.resolve();
    if (this.#startError !== undefined && this.#shell.scheduler.broken) return Promise.reject(this.#startError);
    return this.#lifeline.during(this.#readyWaiters.wait());
  }

  /** Runs one task. The reply owns its memory; the body must not change until then. */
  run(body: Body, options?: RunOptions): Promise<Uint8Array> {
    return new Promise((resolve) => {
      this.#intake.submit({ body, bytes: 0, encoding: Encoding.bytes, options }, new BytesCaller(resolve));
    });
  }

  /** Calls a handler with a value: JSON both ways, Uint8Arrays beside it. */
  call<N extends keyof H & string>(handler: N, value: Input<H[N]>, options?: RunOptions): Promise<Output<H[N]>> {
    return this.#intake.call(encodeCallValue(value), { ...options, handler });
  }

  /**
   * Runs one task whose handler generates its reply in chunks; it is submitted when the first chunk is asked for. A slow
   * consumer slows the worker; leaving the loop cancels.
   */
  stream(body: Body, options?: RunOptions): AsyncIterableIterator<Uint8Array, undefined> {
    return new TaskStream((caller) => {
      const slot = this.#intake.submit({ body, bytes: 0, encoding: Encoding.bytes, options }, caller);
      return () => this.#shell.abort(slot);
    });
  }

  /** Runs a task per body, `inFlight` at a time, and yields the replies in order (or as they come). */
  map(
    bodies: Iterable<Body> | AsyncIterable<Body>,
    options: MapOptions & { onError: 'yield' },
  ): AsyncIterable<IndexedOutcome<Uint8Array>>;
  map(bodies: Iterable<Body> | AsyncIterable<Body>, options?: MapOptions): AsyncIterable<Uint8Array>;
  map(
    bodies: Iterable<Body> | AsyncIterable<Body>,
    options?: MapOptions,
  ): AsyncIterable<Uint8Array | IndexedOutcome<Uint8Array>> {
    const prepare = (body: Body) => ({
      bytes: isBody(body) ? bodySize(body) : 0,
      run: (each: RunOptions) => this.run(body, each),
    });
    return this.#map(bodies, prepare, options);
  }

  /** As `map`, for values. */
  callMap<N extends keyof H & string>(
    handler: N,
    values: Iterable<Input<H[N]>> | AsyncIterable<Input<H[N]>>,
    options?: MapOptions,
  ): AsyncIterable<Output<H[N]>> {
    const prepare = (value: Input<H[N]>) => {
      const encoded = encodeCallValue(value);
      const run = (each: RunOptions) => this.#intake.call<Output<H[N]>>(encoded, { ...each, handler });
      return { bytes: encoded instanceof Error ? 0 : encoded.body.byteLength, run };
    };
    return this.#map(values, prepare, options) as AsyncIterable<Output<H[N]>>;
  }

  /** Runs many tasks as one unit; the outcomes are in the order of the bodies. */
  runMany(bodies: readonly Body[], options?: RunOptions): Promise<Outcome[]> {
    return this.#intake.runMany(bodies, options);
  }

  /** Resolves when the queue has room for another task. */
  room(): Promise<void> {
    return this.#ended || !this.#hasRoom(1) ? this.#nextRoom() : Promise.resolve();
  }

  /** Changes the number of workers; a lower maximum retires idle workers first, busy ones after their task. */
  resize(size: { minWorkers?: number; maxWorkers?: number }): void {
    const resized = resolveResize(size, this.#size);
    if (this.#options.dev.inspect !== false) return; // a debugger looks at one worker
    this.#size = resized;
    this.#shell.feed((scheduler, now) => scheduler.resized(this.#size, now));
  }

  /**
   * Gives all workers the limits and the pool the size of a profile; resolves when every live worker was read back. Rejects
   * with OsControlError, and changes nothing, where the system refuses.
   */
  async applyProfile(name: string): Promise<void> {
    if (this.#ended) throw this.#closedError();
    this.#apply(name);
    if (!this.#shell.limits.areInForce) await this.#lifeline.during(this.#profileWaiters.wait());
  }

  /** Replaces every worker, `surge` above the maximum at a time; no task is lost. With a surge, none below the minimum leaves before its successor is ready. */
  async replaceAll(options: { surge?: number } = {}): Promise<void> {
    const surge = checkReplaceOptions(options);
    if (this.#ended) throw this.#closedError();
    const replaced = this.#lifeline.during(this.#replaceWaiters.wait());
    this.#shell.feed((scheduler, now) => scheduler.replaceAll(surge, now));
    return replaced;
  }

  /** Sends nothing more to the workers; what they hold goes on, and the queue keeps its limits. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#state = 'paused';
    this.#shell.feed((scheduler, now) => scheduler.paused(true, now));
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#shell.feed((scheduler, now) => scheduler.paused(false, now));
  }

  stats(): PoolStats {
    return this.#statistics.take({ state: this.#state, profile: this.#profile });
  }

  /** Refuses new tasks, finishes the others, and resolves when no process is left; at `timeout` (ms) the rest reject with PoolClosedError. */
  async close(options: { timeout?: number } = {}): Promise<void> {
    const timeout = checkCloseOptions(options);
    if (this.#state === 'closed') return;
    const closed = this.#closing();
    this.#shell.feed((scheduler, now) => scheduler.close(now));
    if (timeout === Infinity) return closed;
    const { os } = this.#shell;
    const deadline = os.now() + timeout;
    const timer = new DeadlineTimer(os, () => (os.now() < deadline ? timer.arm(deadline) : void this.destroy()));
    timer.arm(deadline);
    await closed;
    timer.clear();
  }

  /** Rejects what is pending, kills every worker, and resolves when no process is left. */
  async destroy(): Promise<void> {
    if (this.#state === 'closed') return;
    const closed = this.#closing();
    this.#shell.feed((scheduler, now) => scheduler.destroy(now));
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A simulated machine takes the place of this one where the whole pool is tested without processes. */
  protected machine(): Machine {
    return thisMachine();
  }

  #apply(name: string): void {
    const profile = findProfile(this.#options.profiles, name);
    this.#shell.apply(profile);
    this.#size = profile.size;
    this.#profile = name;
  }

  /** What can't be done on schedule is told, and tried again at the next time. */
  #applyOnSchedule(name: string): void {
    try {
      this.#apply(name);
    } catch (error) {
      if (!(error instanceof OsControlError)) throw error;
      this.#announcer.announce('warning', error);
    }
  }

  #closing(): Promise<void> {
    this.#state = 'closing';
    this.#intake.close();
    const error = this.#closedError();
    const all = [this.#readyWaiters, this.#roomWaiters, this.#replaceWaiters, this.#profileWaiters];
    for (const waiters of all) waiters.rejectAll(error);
    return this.#lifeline.during(this.#closeWaiters.wait());
  }

  #map<I, T>(
    items: Iterable<I> | AsyncIterable<I>,
    prepare: (item: I) => MapTask<T>,
    options: MapOptions = {},
  ): AsyncIterable<T | IndexedOutcome<T>> {
    const { plan, onError, each } = resolveMapPlan(options, this.#size.maxWorkers);
    const runner = { prepare, hasRoom: (bytes: number) => this.#hasRoom(bytes), room: () => this.#nextRoom() };
    const outcomes = mapOutcomes(items, runner, { plan, options: each });
    return onError === 'yield' ? outcomes : mapValues(outcomes);
  }

  get #ended(): boolean {
    return this.#state === 'closing' || this.#state === 'closed';
  }

  #hasRoom(bytes: number): boolean {
    return this.#shell.scheduler.limitReached(bytes) === null;
  }

  /** Resolves after the next event that leaves the queue with room. */
  #nextRoom(): Promise<void> {
    return this.#ended ? Promise.reject(this.#closedError()) : this.#lifeline.during(this.#roomWaiters.wait());
  }

  #warm(): boolean {
    return this.#shell.scheduler.workers.warm >= this.#size.minWorkers;
  }

  #closedError(): PoolClosedError {
    return new PoolClosedError({ pool: this.#options.name, ...NOT_STARTED });
  }

  #listener(): ShellListener {
    return {
      eventOver: () => {
        if (this.#readyWaiters.size > 0 && this.#warm()) this.#readyWaiters.resolveAll();
        if (this.#profileWaiters.size > 0 && this.#shell.limits.areInForce) this.#profileWaiters.resolveAll();
        if (this.#roomWaiters.size > 0 && this.#hasRoom(1)) this.#roomWaiters.resolveAll();
      },
      startsFailed: (error) => {
        this.#startError = error;
        this.#readyWaiters.rejectAll(error);
      },
      profileDue: (name) => this.#applyOnSchedule(name),
      replaced: () => this.#replaceWaiters.resolveAll(),
      closed: () => {
        this.#state = 'closed';
        this.#closeWaiters.resolveAll();
        this.#lifeline.cut();
      },
    };
  }
}
