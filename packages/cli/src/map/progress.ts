const REDRAW_INTERVAL = 200;
const BAR_WIDTH = 24;

/** How far it is. `total` is undefined where nobody knows how many there will be. */
export interface Count {
  readonly done: number;
  readonly failed: number;
  readonly total: number | undefined;
  /** Milliseconds since the start. */
  readonly elapsed: number;
}

/** A line for a terminal: bar, count, rate, time left. */
export function progressLine({ done, failed, total, elapsed }: Count): string {
  const rate = elapsed > 0 ? (done * 1000) / elapsed : 0;
  const parts = [
    total === undefined ? `${grouped(done)} done` : `${bar(done, total)} ${grouped(done)} of ${grouped(total)}`,
    `${rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate))}/s`,
  ];
  if (total !== undefined && rate > 0) parts.push(`${inWords((total - done) / rate)} left`);
  if (failed > 0) parts.push(`${grouped(failed)} failed`);
  return parts.join('  ');
}

function bar(done: number, total: number): string {
  const full = total === 0 ? BAR_WIDTH : Math.round((BAR_WIDTH * done) / total);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** "40 s", "3 min 20 s", "2 h 5 min" */
function inWords(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Draws the progress on stderr where that is a terminal; does nothing anywhere else. */
export class Progress {
  readonly #start = performance.now();
  #total: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #done = 0;
  #failed = 0;

  /** `total` is only asked for where something is drawn; one that can't be told is no reason to stop. */
  constructor(total: () => number | undefined | Promise<number | undefined>) {
    if (!process.stderr.isTTY) return;
    void this.#learn(total);
    this.#timer = setInterval(() => this.#draw(), REDRAW_INTERVAL);
    this.#timer.unref();
  }

  count(status: 'ok' | 'failed'): void {
    this.#done++;
    if (status === 'failed') this.#failed++;
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#timer !== undefined) process.stderr.write('\r\x1b[K');
  }

  async #learn(total: () => number | undefined | Promise<number | undefined>): Promise<void> {
    this.#total = await Promise.resolve(total()).catch(() => undefined);
  }

  #draw(): void {
    const elapsed = performance.now() - this.#start;
    const line = progressLine({ done: this.#done, failed: this.#failed, total: this.#total, elapsed });
    process.stderr.write(`\r${line.slice(0, (process.stderr.columns || 80) - 1)}\x1b[K`);
  }
}
