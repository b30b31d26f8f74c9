import { Random } from '../simulation/random.js';
import { complete } from './completion.js';
import type { Move } from './move.js';
import { possibleMoves } from './possible-moves.js';
import { PropertyViolation } from './property-violation.js';
import { randomOptions } from './random-options.js';
import { walk } from './random-walk.js';
import { World } from './world.js';
import type { Engine, WorldOptions } from './world-options.js';

/** A world in which a promise was broken, during the moves of `path` or while it was completed after them. */
export interface BrokenWorld {
  readonly options: WorldOptions;
  readonly path: readonly Move[];
  readonly violation: PropertyViolation;
}

/** Lets up to `steps` things happen in the world of that seed, then sees everything settled. Same seed, same world. */
export function runRandomWorld(
  seed: number,
  steps: number,
  engine?: Engine,
): { world: World; broken: BrokenWorld | null } {
  const random = new Random(seed);
  const world = new World(randomOptions(random), engine);
  return { world, broken: findViolation(world, () => walk(world.begin(), random, steps)) };
}

/** Makes the moves again, except those that are not possible any more, and completes the world. */
export function replay(options: WorldOptions, path: readonly Move[], engine?: Engine): BrokenWorld | null {
  const world = new World(options, engine);
  return findViolation(world, () => {
    world.begin();
    for (const move of path) if (isPossible(world, move)) world.perform(move);
  });
}

function isPossible(world: World, move: Move): boolean {
  const wanted = JSON.stringify(move);
  return possibleMoves(world).some((possible) => JSON.stringify(possible) === wanted);
}

function findViolation(world: World, happen: () => void): BrokenWorld | null {
  let madeBefore = Infinity;
  try {
    happen();
    madeBefore = world.path.length;
    complete(world);
    return null;
  } catch (violation) {
    if (!(violation instanceof PropertyViolation)) throw violation;
    return { options: world.options, path: world.path.slice(0, madeBefore), violation };
  }
}
