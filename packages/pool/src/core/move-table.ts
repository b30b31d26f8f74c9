const ILLEGAL = 255;

/** The moves of a state machine: for each state, what may happen and where it leads. */
export type MoveTable<State extends string, Event extends string> = Readonly<
  Record<State, Partial<Record<Event, State>>>
>;

/**
 * A table of moves, made ready for being asked several times per task: states and events are small integers, in the order
 * of the table. A move that is not in the table is a bug in the scheduler, so it throws.
 */
export class MoveCodes<State extends string, Event extends string> {
  readonly states: readonly State[];
  readonly #name: string;
  readonly #events: readonly Event[];
  /** The state after each event in each state; the events of one state stand together. */
  readonly #next: Uint8Array;

  constructor(name: string, table: MoveTable<State, Event>, events: readonly Event[]) {
    this.#name = name;
    this.states = Object.keys(table) as State[];
    this.#events = events;
    const targets = this.states.flatMap((state) => events.map((event) => table[state][event]));
    this.#next = Uint8Array.from(targets, (target) => (target === undefined ? ILLEGAL : this.codeOf(target)));
  }

  codeOf(state: State): number {
    return this.states.indexOf(state);
  }

  eventOf(event: Event): number {
    return this.#events.indexOf(event);
  }

  /** The code of the state after the event of that code. */
  next(code: number, event: number): number {
    const next = this.#next[code * this.#events.length + event] as number;
    if (next === ILLEGAL) this.#refuse(code, event);
    return next;
  }

  #refuse(code: number, event: number): never {
    throw new Error(`illegal ${this.#name} transition: '${this.#events[event]}' while ${this.states[code]}`);
  }
}
