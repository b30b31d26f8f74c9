/** A kind of simulated world: of the scheduler alone, of the shell around it. */
export interface WorldKind {
  readonly name: string;
  /** Lets the world of that seed run to its end. Same seed, same world. */
  run(seed: number): WorldRun | Promise<WorldRun>;
}

export interface WorldRun {
  /** Events that happened. */
  readonly events: number;
  readonly violation: WorldViolation | null;
}

/** The property that was violated, what was seen, and the few events that lead to it, in words. */
export interface WorldViolation {
  readonly property: string;
  readonly seen: string;
  readonly events: readonly string[];
}
