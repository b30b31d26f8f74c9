import { coreWorlds } from './core-worlds.js';
import { shellWorlds } from './shell-worlds.js';
import type { WorldKind } from './world-kind.js';

export { type Simulated, simulate } from './simulate.js';
export type { WorldKind, WorldRun, WorldViolation } from './world-kind.js';

/** Every kind of world that is simulated. */
export const WORLD_KINDS: readonly WorldKind[] = [coreWorlds, shellWorlds];
