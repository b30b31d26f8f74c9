/** The scheduler broke one of its promises: which one (by its name), and what was seen. */
export class PropertyViolation extends Error {
  constructor(
    readonly property: string,
    readonly seen: string,
  ) {
    super(`${property}: ${seen}`);
    this.name = 'PropertyViolation';
  }
}

let demands = 0;

/** How often a promise has been looked at, since the program began. */
export function demandsMade(): number {
  return demands;
}

/** Throws a PropertyViolation unless `holds`. */
export function demand(holds: boolean, property: string, seen: string): asserts holds {
  demands++;
  if (!holds) throw new PropertyViolation(property, seen);
}
