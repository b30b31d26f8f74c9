/** Each power of two is cut into so many parts: a value is off by less than one percent. */
const PARTS = 128;
const PART_BITS = Math.log2(PARTS);
/** Microseconds; what takes longer than these 35 minutes is counted as that, `max` excepted. */
const LARGEST = 2 ** 31 - 1;

/**
 * How often which latency was seen, in a fixed 13 KB. Counting one costs a few nanoseconds, of which every task pays two: Node's
 * own histogram is a call out of JavaScript for each.
 */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(indexOf(LARGEST) + 1);
  #max = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Microseconds. */
  get max(): number {
    return this.#max;
  }

  record(microseconds: number): void {
    if (microseconds > this.#max) this.#max = microseconds;
    this.#count++;
    const index = indexOf(Math.min(LARGEST, microseconds));
    this.#counts[index] = (this.#counts[index] as number) + 1;
  }

  add(other: LatencyHistogram): void {
    this.#max = Math.max(this.#max, other.#max);
    this.#count += other.#count;
    for (let index = 0; index < this.#counts.length; index++) {
      this.#counts[index] = (this.#counts[index] as number) + (other.#counts[index] as number);
    }
  }

  /** Microseconds below which the `share` (0 to 1) of all lies; 0 where there is none. */
  percentile(share: number): number {
    let rest = Math.ceil(this.#count * share);
    if (rest === 0) return 0;
    for (let index = 0; index < this.#counts.length; index++) {
      rest -= this.#counts[index] as number;
      if (rest <= 0) return Math.min(this.#max, upperEndOf(index));
    }
    return this.#max;
  }
}

/** Values below 2 x PARTS have a place of their own, each power of two above has PARTS places. */
function indexOf(value: number): number {
  const whole = value | 0;
  const shift = Math.max(0, 31 - Math.clz32(whole) - PART_BITS);
  return shift * PARTS + (whole >>> shift);
}

function upperEndOf(index: number): number {
  const shift = Math.max(0, Math.floor(index / PARTS) - 1);
  return (index - shift * PARTS + 1) * 2 ** shift - 1;
}
