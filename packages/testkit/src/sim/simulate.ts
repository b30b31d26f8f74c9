import type { WorldKind, WorldRun } from './world-kind.js';

/** A world that has run. */
export interface Simulated extends WorldRun {
  readonly kind: string;
  readonly seed: number;
}

/** Runs worlds of the given kinds in turn, with seeds that count up, until so many events have happened; at least one of each kind. */
export async function* simulate(
  kinds: readonly WorldKind[],
  { seed, events }: { seed: number; events: number },
): AsyncGenerator<Simulated> {
  let happened = 0;
  for (let next = seed; next === seed || happened < events; next++) {
    for (const kind of kinds) {
      const run = await kind.run(next);
      happened += run.events;
      yield { ...run, kind: kind.name, seed: next };
    }
  }
}
