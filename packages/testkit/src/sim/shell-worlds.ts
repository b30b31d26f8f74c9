import { describeMoves, runShellWorld, shortenScenario } from '../shell-world/index.js';
import type { WorldKind, WorldRun } from './world-kind.js';

/** Events between the moves of a scenario; what they cause takes some hundreds more. */
const EVENTS = 300;

/** Whole pools on a simulated machine: the scheduler, the shell and the protocol as they are, processes and clock made up. */
export const shellWorlds: WorldKind = {
  name: 'shell',
  async run(seed: number): Promise<WorldRun> {
    const { events, broken } = await runShellWorld(seed, EVENTS);
    if (broken === null) return { events, violation: null };
    const { scenario, violation } = await shortenScenario(broken);
    const { property, seen } = violation;
    return { events, violation: { property, seen, events: describeMoves(scenario) } };
  },
};
