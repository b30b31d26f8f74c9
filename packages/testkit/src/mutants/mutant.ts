/** A planted bug: one place in `packages/pool/src`, and what stands there instead. */
export interface Mutant {
  /** What is wrong, in words. */
  readonly name: string;
  /** Relative to `packages/pool/src`. */
  readonly file: string;
  /** Must be found exactly once; part of a line, or several lines. */
  readonly find: string;
  readonly replace: string;
}

/** Bugs that the same checks must find. */
export interface MutantGroup {
  readonly name: string;
  readonly mutants: readonly Mutant[];
  /** The module whose `check` looks for them; it runs in a process of its own. */
  readonly checker: URL;
}

/** Checks the compiled copy of `packages/pool/src` in that folder: what was found to be broken, or null where all holds. */
export type Check = (folder: URL) => Promise<Finding | null>;

export interface Finding {
  /** The property that does not hold. */
  readonly property: string;
  /** What found it: a configuration of the explorer, the seed of a random world. */
  readonly by: string;
}
