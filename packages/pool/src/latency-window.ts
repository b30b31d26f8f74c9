import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Percentiles } from './pool-stats.js';

/** The last minute, in windows that are dropped as a whole. */
const WINDOWS = 6;
const WINDOW_MS = 10_000;
/** Histograms count whole numbers: microseconds. */
const PER_MS = 1_000;

/** Latencies of the last minute; recording one costs tens of nanoseconds. */
export class LatencyWindow {
  readonly #windows: { epoch: number; histogram: RecordableHistogram }[] = [];

  record(ms: number, now: number): void {
    const epoch = Math.floor(now / WINDOW_MS);
    const index = epoch % WINDOWS;
    let window = this.#windows[index];
    if (window === undefined || window.epoch !== epoch) {
      window = { epoch, histogram: createHistogram() };
      this.#windows[index] = window;
    }
    window.histogram.record(Math.max(1, Math.round(ms * PER_MS)));
  }

  /** Milliseconds; zeros where nothing was recorded. */
  percentiles(now: number): Percentiles {
    const oldest = Math.floor(now / WINDOW_MS) - WINDOWS + 1;
    const all = createHistogram();
    for (const window of this.#windows) {
      if (window !== undefined && window.epoch >= oldest) all.add(window.histogram);
    }
    if (all.count === 0) return { p50: 0, p95: 0, p99: 0, max: 0 };
    const at = (percentile: number): number => all.percentile(percentile) / PER_MS;
    return { p50: at(50), p95: at(95), p99: at(99), max: all.max / PER_MS };
  }
}
