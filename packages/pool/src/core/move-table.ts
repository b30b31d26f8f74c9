const ILLEGAL = 255;

/** The moves of a state machine: for each state, what may happen and where it leads. */
export type MoveTable<State extends string, Event extends string> = Readonly<
  Record<State, Partial<Record<Event, State>>>
>;

/**
 * A table of moves, made ready for being asked twice per task: states are small integers, in the order of the table.
 * A move that is not in the table is a bug in the scheduler, so it throws.
 */
export class MoveCodes<State extends string, Event extends string> {
  readonly states: readonly State[];
  readonly #name: string;
  readonly #next: Readonly<Record<Event, Uint8Array>>;

  constructor(name: string, table: MoveTable<State, Event>, events: readonly Event[]) {
    this.#name = name;
    this.states = Object.keys(table) as State[];
    const targets = events.map((event) => [event, this.#column(table, event)] as const);
    this.#next = Object.fromEntries(targets) as Record<Event, Uint8Array>;
  }

  codeOf(state: State): number {
    return this.states.indexOf(state);
  }

  /** The code of the state after `event`. */
  next(code: number, event: Event): number {
    const next = this.#next[event][code] as number;
    if (next === ILLEGAL) throw new Error(`illegal ${this.#name} transition: '${event}' while ${this.states[code]}`);
    return next;
  }

  #column(table: MoveTable<State, Event>, event: Event): Uint8Array {
    return Uint8Array.from(this.states, (state) => {
      const target = table[state][event];
      return target === undefined ? ILLEGAL : this.codeOf(target);
    });
  }
}
