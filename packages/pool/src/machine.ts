import { ourSurroundings, type Surroundings } from './launch/surroundings.js';
import { nodeOs } from './os/node-os.js';
import type { OperatingSystem } from './os/operating-system.js';

/** Where a pool lives: the operating system that it uses, and what its options depend on beside themselves. */
export interface Machine {
  readonly os: OperatingSystem;
  readonly surroundings: Surroundings;
}

/** The one that this program runs on. */
export function thisMachine(): Machine {
  return { os: nodeOs(), surroundings: ourSurroundings() };
}
