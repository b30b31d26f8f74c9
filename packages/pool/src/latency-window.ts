import { LatencyHistogram } from './latency-histogram.js';
import type { Percentiles } from './pool-stats.js';

/** The last minute, in windows that are dropped as a whole. */
const WINDOWS = 6;
const WINDOW_MS = 10_000;
/** Histograms count whole numbers: microseconds. */
const PER_MS = 1_000;

/** Latencies of the last minute; recording one costs tens of nanoseconds. */
export class LatencyWindow {
  readonly #windows: { epoch: number; histogram: LatencyHistogram }[] = [];
  /** What was computed last, while it still holds: a pool that rests is asked for its numbers as often as a busy one. */
  #known: { oldest: number; percentiles: Percentiles } | undefined;

  record(ms: number, now: number): void {
    this.#known = undefined;
    const epoch = Math.floor(now / WINDOW_MS);
    const index = epoch % WINDOWS;
    let window = this.#windows[index];
    if (window === undefined || window.epoch !== epoch) {
      window = { epoch, histogram: new LatencyHistogram() };
      this.#windows[index] = window;
    }
    window.histogram.record(Math.max(0, Math.round(ms * PER_MS)));
  }

  /** Milliseconds; zeros where nothing was recorded. */
  percentiles(now: number): Percentiles {
    const oldest = Math.floor(now / WINDOW_MS) - WINDOWS + 1;
    if (this.#known?.oldest !== oldest) this.#known = { oldest, percentiles: this.#compute(oldest) };
    return { ...this.#known.percentiles };
  }

  #compute(oldest: number): Percentiles {
    const all = new LatencyHistogram();
    for (const window of this.#windows) {
      if (window !== undefined && window.epoch >= oldest) all.add(window.histogram);
    }
    if (all.count === 0) return { p50: 0, p95: 0, p99: 0, max: 0 };
    const at = (share: number): number => all.percentile(share) / PER_MS;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: all.max / PER_MS };
  }
}
