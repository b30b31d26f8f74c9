import { type OstlerError, type PoolStats, WorkerCrashedError } from '@ostler/pool';
import { type KnownFile, Verdict } from './answers.js';
import { readAhead } from './files.js';
import type { HashPool, Stage } from './stage.js';
import { bar } from './terminal/bar.js';
import { formatBytes, formatCount, formatDuration, formatRate } from './terminal/format.js';
import { workerCells } from './worker-cells.js';

/** A file whose worker died under it. */
export interface Casualty {
  file: KnownFile;
  error: WorkerCrashedError;
}

/** What became of a job; `stats` is the pool's after it was closed. */
export interface JobResult {
  tasks: number;
  bytes: number;
  ms: number;
  right: number;
  wrong: string[];
  failed: OstlerError[];
  resubmitted: number;
  stats: PoolStats;
}

/** Hashes all files of the stage, some times over, with one pool, and checks every digest. */
export class HashJob {
  done = 0;
  readonly total: number;
  readonly #stage: Stage;
  readonly #pool: HashPool;
  readonly #verdict = new Verdict();
  readonly #failed: OstlerError[] = [];
  readonly #secondTries: Promise<void>[] = [];
  #bytes = 0;
  #startedAt = 0;
  #elapsed = 0;

  constructor(stage: Stage, pool: HashPool) {
    this.#stage = stage;
    this.#pool = pool;
    this.total = stage.files.length * stage.rounds;
  }

  /** `onProgress` comes after each file; a casualty is submitted again, because hashing may be repeated. */
  async run({ onBigFile, onProgress, onCasualty }: JobHooks = {}): Promise<JobResult> {
    const unwatch = this.#stage.screen.watch(() => this.#draw());
    this.#startedAt = performance.now();
    const tasks = Array.from({ length: this.#stage.rounds }, () => this.#stage.files).flat();
    const outcomes = this.#pool.map(readAhead(tasks), {
      handler: 'sha512',
      ordered: false,
      onError: 'yield',
      onProgress: (begun) => onBigFile?.((begun as { pid: number }).pid, this.done),
    });
    for await (const outcome of outcomes) {
      const file = tasks[outcome.index] as KnownFile;
      if (outcome.status === 'fulfilled') this.#settle(file, outcome.value);
      else if (outcome.reason instanceof WorkerCrashedError) {
        this.#secondTries.push(this.#again(file));
        onCasualty?.({ file, error: outcome.reason });
      } else this.#failed.push(outcome.reason);
      onProgress?.(this.done);
    }
    await Promise.all(this.#secondTries);
    this.#elapsed = performance.now() - this.#startedAt;
    unwatch();
    await this.#pool.close();
    return this.#result();
  }

  async #again(file: KnownFile): Promise<void> {
    for await (const body of readAhead([file])) {
      this.#settle(file, await this.#pool.run(body, { handler: 'sha512' }));
    }
  }

  #settle(file: KnownFile, digest: Uint8Array): void {
    this.#verdict.check(file, digest);
    this.#bytes += file.size;
    this.done += 1;
  }

  async #result(): Promise<JobResult> {
    return {
      tasks: this.done,
      bytes: this.#bytes,
      ms: this.#elapsed,
      right: this.#verdict.right,
      wrong: await this.#verdict.wrong(),
      failed: this.#failed,
      resubmitted: this.#secondTries.length,
      stats: this.#pool.stats(),
    };
  }

  #draw(): string[] {
    const { style, width } = this.#stage.screen;
    const ms = this.#elapsed || performance.now() - this.#startedAt;
    const files = `${formatCount(this.done)} of ${formatCount(this.total)} files`;
    const rate = `${formatRate(this.done, ms)} files/s`;
    const figures = [files, formatBytes(this.#bytes), rate, formatDuration(ms)].join('   ');
    const room = Math.max(10, Math.min(34, width - figures.length - 5));
    const first = `  ${style.green(bar(this.done / this.total, room))}  ${figures}`;
    return this.#elapsed > 0 ? [first] : [first, `  ${workerCells(this.#pool.stats().workerList, style)}`];
  }
}

/** What an act may want to do while a job runs. */
export interface JobHooks {
  /** That worker has begun a big file, when so many were done. */
  onBigFile?: (pid: number, done: number) => void;
  onProgress?: (done: number) => void;
  onCasualty?: (casualty: Casualty) => void;
}
