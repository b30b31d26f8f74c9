import { type PoolClass, runShellWorld } from '../shell-world/index.js';
import type { Finding } from './mutant.js';

const WORLDS = 200;
const EVENTS = 200;

/** Looks for a promise that the compiled pool of that folder does not keep. */
export async function check(folder: URL): Promise<Finding | null> {
  const { ProcessPool } = (await import(new URL('process-pool.js', folder).href)) as { ProcessPool: PoolClass };
  for (let seed = 1; seed <= WORLDS; seed++) {
    const { broken } = await runShellWorld(seed, EVENTS, ProcessPool);
    if (broken !== null) return { property: broken.violation.property, by: `random world ${seed}` };
  }
  return null;
}
