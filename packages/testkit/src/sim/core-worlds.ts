import { describeMove, runRandomWorld, shorten } from '../core-world/index.js';
import type { WorldKind, WorldRun } from './world-kind.js';

/** Long enough for what adds up, short enough to be shortened. */
const STEPS = 1_000;

/** Worlds of made-up processes around the real scheduler. */
export const coreWorlds: WorldKind = {
  name: 'core',
  run(seed: number): WorldRun {
    const { world, broken } = runRandomWorld(seed, STEPS);
    const events = world.path.length;
    if (broken === null) return { events, violation: null };
    const { violation, path, options } = shorten(broken);
    const { property, seen } = violation;
    const told = [`a pool with ${JSON.stringify(options.core)}`, ...path.map(describeMove)];
    return { events, violation: { property, seen, events: told } };
  },
};
