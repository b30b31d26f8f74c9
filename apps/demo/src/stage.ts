import { type PoolOptions, ProcessPool } from '@ostler/pool';
import type { KnownFile } from './answers.js';
import type { Python } from './python.js';
import type { Screen } from './terminal/screen.js';
import type * as hashWorker from './workers/hash.js';

/** The Node worker of all acts. */
export const HASH_WORKER = new URL('./workers/hash.js', import.meta.url);

/** A pool whose handlers are the exports of that worker. */
export type HashPool = ProcessPool<typeof hashWorker>;

/** What the acts play with. */
export class Stage {
  readonly #pools = new Set<HashPool>();
  #cleared = false;
  readonly screen: Screen;
  readonly files: readonly KnownFile[];
  readonly workers: number;
  readonly python: Python;
  /** How often the main job goes through the files, so that there is something to watch. */
  readonly rounds: number;

  constructor(parts: Pick<Stage, 'screen' | 'files' | 'workers' | 'python' | 'rounds'>) {
    this.screen = parts.screen;
    this.files = parts.files;
    this.workers = parts.workers;
    this.python = parts.python;
    this.rounds = parts.rounds;
  }

  /** A pool that is gone when the demo is, whatever happens. */
  open(options: PoolOptions): HashPool {
    if (this.#cleared) throw new Error('the demo is over');
    const largest = this.files.reduce((size, file) => Math.max(size, file.size), 64 * 2 ** 20);
    const pool: HashPool = new ProcessPool({ name: 'hash', maxBodySize: largest, ...options });
    this.#pools.add(pool);
    return pool;
  }

  /** Ends every process that the demo started. */
  async clear(): Promise<void> {
    this.#cleared = true;
    await Promise.all([...this.#pools].map((pool) => pool.destroy()));
  }

  /** The heading of an act. */
  title(name: string, subtitle: string): void {
    const { style } = this.screen;
    this.screen.print();
    this.screen.print(`${style.bold(style.cyan(name))} ${style.dim('·')} ${style.bold(subtitle)}`);
  }

  /** The line of code that does what is shown. */
  code(line: string): void {
    this.screen.print(`  ${this.screen.style.dim('>')} ${this.screen.style.yellow(line)}`);
  }
}
