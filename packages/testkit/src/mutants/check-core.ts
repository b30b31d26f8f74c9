import type { Scheduler } from '@ostler/pool/core';
import { CONFIGURATIONS, explore } from '../core-explorer/index.js';
import { type Engine, runRandomWorld } from '../core-world/index.js';
import type { Finding } from './mutant.js';

/** A few moves at first, for most bugs show soon; then all orders of them; then long lives, for what has to add up. */
const SHORT = { worlds: 400, steps: 150 };
const MORE = { worlds: 1_500, steps: 150 };
const LONG = { worlds: 40, steps: 3_000 };
/** States of each configuration; `npm run explore` walks them whole. */
const MAX_STATES = 3_000;

/** Looks for a promise that the compiled scheduler of that folder does not keep. */
export async function check(folder: URL): Promise<Finding | null> {
  const core = (await import(new URL('core/index.js', folder).href)) as { Scheduler: typeof Scheduler };
  const engine: Engine = { Scheduler: core.Scheduler };
  return (
    walkAtRandom(engine, SHORT) ?? walkEveryOrder(engine) ?? walkAtRandom(engine, MORE) ?? walkAtRandom(engine, LONG)
  );
}

function walkAtRandom(engine: Engine, { worlds, steps }: { worlds: number; steps: number }): Finding | null {
  for (let seed = 1; seed <= worlds; seed++) {
    const { broken } = runRandomWorld(seed, steps, engine);
    if (broken !== null) return { property: broken.violation.property, by: `random world ${seed}` };
  }
  return null;
}

function walkEveryOrder(engine: Engine): Finding | null {
  for (const { name, world } of CONFIGURATIONS) {
    const { broken } = explore(world, { engine, maxStates: MAX_STATES });
    if (broken !== null) return { property: broken.property, by: `explorer: ${name}` };
  }
  return null;
}
