import { type BrokenScenario, runScenario } from './run-scenario.js';
import type { Move, Scenario } from './scenario.js';
import type { PoolClass } from './simulated-pool.js';

/** Runs that are tried at most: each is a whole life of a pool. */
const MAX_RUNS = 200;

/** The same promise broken with fewer moves: leaves moves out, many at first, as long as that breaks it too. */
export async function shortenScenario(broken: BrokenScenario, Pool?: PoolClass): Promise<BrokenScenario> {
  let shortest = broken;
  let runs = 0;
  for (let size = broken.scenario.moves.length >> 1; size >= 1 && runs < MAX_RUNS; ) {
    const before = shortest;
    for (let start = shortest.scenario.moves.length - size; start >= 0 && runs < MAX_RUNS; start -= size) {
      runs++;
      const shorter = await breaksToo(without(shortest.scenario, start, size), broken, Pool);
      if (shorter !== null) shortest = shorter;
    }
    if (shortest === before || size > shortest.scenario.moves.length) size >>= 1;
  }
  return shortest;
}

/** The events that followed a move that is left out still happen, after the one before it. */
function without(scenario: Scenario, start: number, size: number): Scenario {
  const moves: Move[] = [];
  scenario.moves.forEach(({ act, events }, i) => {
    const last = moves.at(-1);
    if (i < start || i >= start + size) moves.push({ act, events });
    else if (last !== undefined) moves[moves.length - 1] = { act: last.act, events: last.events + events };
  });
  return { ...scenario, moves };
}

async function breaksToo(scenario: Scenario, { violation }: BrokenScenario, Pool?: PoolClass) {
  const { broken } = await runScenario(scenario, Pool);
  return broken?.violation.property === violation.property ? broken : null;
}
