import { vi } from 'vitest';

/**
 * How much work `action` does on bytes: numbers read through DataViews, bytes searched and bytes copied. It does not depend on the
 * machine, as a time would.
 */
export function countOperations(action: () => void): number {
  let count = 0;
  const { getUint8, getUint32 } = DataView.prototype;
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const { indexOf, set, copyWithin } = typedArray;
  const spies = [
    vi.spyOn(DataView.prototype, 'getUint8').mockImplementation(function (this: DataView, at) {
      count += 1;
      return getUint8.call(this, at);
    }),
    vi.spyOn(DataView.prototype, 'getUint32').mockImplementation(function (this: DataView, at, little) {
      count += 1;
      return getUint32.call(this, at, little);
    }),
    vi.spyOn(typedArray, 'indexOf').mockImplementation(function (this: Uint8Array, byte, from = 0) {
      const found = indexOf.call(this, byte, from);
      count += (found === -1 ? this.length : found) - from + 1;
      return found;
    }),
    vi.spyOn(typedArray, 'set').mockImplementation(function (this: Uint8Array, source, at) {
      count += source.length;
      set.call(this, source, at);
    }),
    vi.spyOn(typedArray, 'copyWithin').mockImplementation(function (
      this: Uint8Array,
      target,
      start,
      end = this.length,
    ) {
      count += end - start;
      return copyWithin.call(this, target, start, end) as Uint8Array;
    }),
  ];
  try {
    action();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return count;
}
