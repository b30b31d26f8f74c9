import { relative } from 'node:path';
import { InvalidOptionError, type WorkerStartError } from '../errors.js';
import type { LogOutput } from '../log-output.js';
import type { FileWatching, OperatingSystem } from '../os/operating-system.js';
import { Trial, type TrialParts } from './trial.js';

/** Milliseconds without a change, after one: an editor, a compiler and git write more than one file. */
const QUIET_TIME = 100;

export interface ReloadParts {
  readonly os: OperatingSystem;
  /** Files and folders; none: nothing is looked at. */
  readonly paths: readonly string[];
  readonly log: LogOutput;
  /** What trials are started with. */
  readonly trial: Omit<TrialParts, 'os' | 'onResult' | 'onGone'>;
  /** The workers of now are to be replaced. */
  replaceAll(): void;
  /** An event of ours is over. */
  finish(): void;
}

/**
 * Replaces the workers of a pool when the files change, once a trial has shown that they still make a worker: as long as they
 * do not, the workers of before go on.
 */
export class Reload {
  readonly #parts: ReloadParts;
  readonly #watch: FileWatching | undefined;
  #trial: Trial | undefined;
  /** Files have changed since the trial began. */
  #isOutdated = false;
  #changed = '';
  #quietAt = Infinity;
  #onIdle: (() => void) | undefined;

  constructor(parts: ReloadParts) {
    this.#parts = parts;
    if (parts.paths.length === 0) return;
    this.#watch = parts.os.watchFiles(parts.paths, {
      onChange: (path) => this.#onChange(path),
      onError: (error) => this.#onWatchError(error),
    });
  }

  get nextDeadline(): number {
    return Math.min(this.#quietAt, this.#trial?.nextDeadline ?? Infinity);
  }

  deadlineReached(now: number): void {
    this.#trial?.deadlineReached(now);
    if (this.#quietAt > now) return;
    this.#quietAt = Infinity;
    this.#isOutdated = true;
    if (this.#trial === undefined) this.#try();
    else this.#trial.abandon();
  }

  /** Looks no more; calls back, later or at once, when no process of ours is left. */
  close(onIdle: () => void): void {
    this.#watch?.close();
    this.#quietAt = Infinity;
    this.#onIdle = onIdle;
    if (this.#trial === undefined) onIdle();
    else this.#trial.abandon();
  }

  #onChange(path: string): void {
    if (this.#onIdle !== undefined) return;
    this.#changed = path;
    this.#quietAt = this.#parts.os.now() + QUIET_TIME;
    this.#parts.finish();
  }

  #try(): void {
    this.#isOutdated = false;
    const changed = shortPath(this.#changed);
    this.#trial = new Trial({
      ...this.#parts.trial,
      os: this.#parts.os,
      onResult: (error) => this.#onResult(error, changed),
      onGone: () => this.#onGone(),
    });
  }

  #onResult(error: WorkerStartError | undefined, changed: string): void {
    if (error !== undefined) this.#parts.log.warn(error);
    else if (!this.#isOutdated) {
      this.#parts.log.notice(`${changed} has changed: the workers are replaced`);
      this.#parts.replaceAll();
    }
  }

  #onGone(): void {
    this.#trial = undefined;
    if (this.#onIdle !== undefined) this.#onIdle();
    else if (this.#isOutdated) this.#try();
    this.#parts.finish();
  }

  #onWatchError(cause: Error): void {
    const problem = `not every change will be seen: ${cause.message}`;
    const { paths: value, log } = this.#parts;
    log.warn(new InvalidOptionError({ option: 'dev.watch', value, problem, cause }));
    this.#parts.finish();
  }
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}
