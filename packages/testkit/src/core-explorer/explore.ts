import {
  complete,
  demandsMade,
  describeMove,
  type Engine,
  type Move,
  PropertyViolation,
  possibleMoves,
  World,
  type WorldOptions,
} from '../core-world/index.js';
import { fingerprint } from './fingerprint.js';

/** What walking every order of events has shown. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Looks at a promise. */
  readonly checks: number;
  readonly broken: BrokenPath | null;
  /** False where it ended early, at a broken promise or at its bound. */
  readonly whole: boolean;
}

export interface Bounds {
  readonly engine?: Engine | undefined;
  /** Gives up after so many states. */
  readonly maxStates?: number;
}

/** The promise that was broken, what was seen, and the shortest way there, in words. */
export interface BrokenPath {
  readonly property: string;
  readonly seen: string;
  readonly path: readonly string[];
}

/** A state, as the move that led to it from an earlier one, and what can happen next. */
interface Node {
  readonly parent: Node | null;
  readonly move: Move | null;
  readonly moves: readonly Move[];
}

/**
 * Walks every order of events of a small world, breadth first. In every state all invariants are checked, and that from
 * there on everything settles, the pool comes to rest, and can be closed. Stops at the first promise that is broken: no
 * shorter path breaks one.
 */
export function explore(options: WorldOptions, { engine, maxStates = Infinity }: Bounds = {}): Exploration {
  return new Explorer(options, engine).run(maxStates);
}

class Explorer {
  readonly #options: WorldOptions;
  readonly #engine: Engine | undefined;
  readonly #seen = new Set<string>();
  readonly #checksBefore = demandsMade();
  /** States that were met for the first time, as far from the beginning as each other. */
  #met: Node[] = [];
  #transitions = 0;
  #broken: BrokenPath | null = null;

  constructor(options: WorldOptions, engine: Engine | undefined) {
    this.#options = options;
    this.#engine = engine;
  }

  run(maxStates: number): Exploration {
    this.#step(null, null);
    while (this.#met.length > 0) {
      const level = this.#met;
      this.#met = [];
      for (const node of level) {
        for (const move of node.moves) {
          if (this.#broken !== null || this.#seen.size >= maxStates) return this.#result(false);
          this.#transitions++;
          this.#step(node, move);
        }
      }
    }
    return this.#result(this.#broken === null);
  }

  #step(node: Node | null, move: Move | null): void {
    const world = new World(this.#options, this.#engine);
    let length = 0;
    try {
      rebuild(world, node);
      length = world.path.length + (move === null ? 0 : 1);
      if (move !== null) world.perform(move);
      this.#arrive(world, node, move);
    } catch (error) {
      this.#broken = describeBreak(error, world.path, length);
    }
  }

  #arrive(world: World, parent: Node | null, move: Move | null): void {
    const state = fingerprint(world);
    if (this.#seen.has(state)) return;
    this.#seen.add(state);
    this.#met.push({ parent, move, moves: possibleMoves(world) });
    completeAndClose(world);
  }

  #result(whole: boolean): Exploration {
    const checks = demandsMade() - this.#checksBefore;
    return { states: this.#seen.size, transitions: this.#transitions, checks, broken: this.#broken, whole };
  }
}

/** The scheduler changes in place and can't be copied, so the way to a state is walked again; it was checked before. */
function rebuild(world: World, node: Node | null): void {
  const moves: Move[] = [];
  for (let each = node; each !== null; each = each.parent) if (each.move !== null) moves.push(each.move);
  world.checking = node === null;
  world.begin();
  while (moves.length > 0) world.perform(moves.pop() as Move);
  world.checking = true;
}

/** The states on the way are checked where they are met as such. */
function completeAndClose(world: World): void {
  world.checking = false;
  complete(world);
  if (world.state.closing === false) world.perform({ type: 'close' });
  complete(world);
}

function describeBreak(error: unknown, path: readonly Move[], length: number): BrokenPath {
  if (!(error instanceof PropertyViolation)) throw error;
  const words = path.map((move, index) => (index < length ? describeMove(move) : `then ${describeMove(move)}`));
  return { property: error.property, seen: error.seen, path: words };
}
