const VALUE = Symbol.for('Piscina.valueOf');
const TRANSFERABLE = Symbol.for('Piscina.transferable');

/** What `Piscina.move(value)` stands for; any other value as it is. Between processes everything is copied. */
export function movedValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(TRANSFERABLE in value)) return value;
  return (value as { [VALUE]?: unknown })[VALUE];
}
