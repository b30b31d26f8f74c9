import { isDeepStrictEqual } from 'node:util';

/** A rule that the worker broke: what the rule expects, and what was seen instead. */
export class Violation extends Error {
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`expected ${expected}, got ${got}`);
    this.name = 'Violation';
  }
}

/** Throws a Violation unless `got` is deeply equal to `expected`; `what` names the thing that is compared. */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) throw new Violation(`${what} ${show(expected)}`, show(got));
}

/** Throws a Violation unless `holds`. */
export function expectThat(holds: boolean, expected: string, got: unknown): asserts holds {
  if (!holds) throw new Violation(expected, typeof got === 'string' ? got : show(got));
}

/** Throws a Violation unless both hold the same bytes; long ones are told by their length and first difference. */
export function expectBytes(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(got, expected) === 0) return;
  const at = expected.findIndex((byte, index) => byte !== got[index]);
  const start = at === -1 ? expected.length : at;
  const excerpt = (bytes: Uint8Array) => `${bytes.length} bytes, at ${start}: ${toHex(bytes.subarray(start), 32)}`;
  throw new Violation(`${what} of ${excerpt(expected)}`, excerpt(got));
}

/** Bytes as pairs of hex digits; what is left out beyond `limit` bytes is counted. */
export function toHex(bytes: Uint8Array, limit: number): string {
  const pairs = Array.from(bytes.subarray(0, limit), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > limit ? `${pairs} … (${bytes.length - limit} more)` : pairs;
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${toHex(value, 32)}`;
  const text = JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? show(part) : part));
  return (text ?? String(value)).slice(0, 400);
}
