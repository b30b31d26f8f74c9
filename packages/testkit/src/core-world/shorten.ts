import type { Move } from './move.js';
import { type BrokenWorld, replay } from './random-world.js';
import type { Engine } from './world-options.js';

/** The same violation after fewer moves: leaves moves out, many at first, as long as that breaks the same promise. */
export function shorten(broken: BrokenWorld, engine?: Engine): BrokenWorld {
  let shortest = broken;
  for (let size = shortest.path.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = shortest.path.length - size; start >= 0; start--) {
      const shorter = breaksToo(without(shortest.path, start, size), broken, engine);
      if (shorter === null) continue;
      shortest = shorter;
      start = Math.min(start, shortest.path.length - size + 1);
    }
  }
  return shortest.path.length < broken.path.length ? shorten(shortest, engine) : broken;
}

function without(path: readonly Move[], start: number, size: number): Move[] {
  return [...path.slice(0, start), ...path.slice(start + size)];
}

function breaksToo(path: readonly Move[], { options, violation }: BrokenWorld, engine?: Engine): BrokenWorld | null {
  const found = replay(options, path, engine);
  return found?.violation.property === violation.property ? found : null;
}
