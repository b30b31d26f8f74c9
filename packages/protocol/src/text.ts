import { FrameError } from './frame-error.js';

// The one thing that this package takes from its platform, declared here because it compiles without Node's or the DOM's types.
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
};
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
// A byte order mark is content like any other: dropping it would change a text on its way.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** As much of the text as there is room for: `read` is how many of its UTF-16 units that was. */
export function encodeTextInto(text: string, target: Uint8Array): { read: number; written: number } {
  return encoder.encodeInto(text, target);
}

/** FrameError where the bytes are not UTF-8; `what` names them in its message. */
export function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new FrameError(`${what}: expected UTF-8, got ${quoteBytes(bytes)}`);
  }
}

/** For messages and excerpts: what is not UTF-8 becomes U+FFFD. */
export function decodeTextLoosely(bytes: Uint8Array): string {
  return lenient.decode(bytes);
}

/** FrameError where the bytes are not JSON. */
export function decodeJson(bytes: Uint8Array, what: string): unknown {
  const text = decodeText(bytes, what);
  const value = parseJson(text);
  if (value === undefined) throw new FrameError(`${what}: expected JSON, got ${quote(text)}`);
  return value;
}

/** `undefined`, which JSON has no text for, where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A short form of anything JSON can hold, for messages. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function quoteBytes(bytes: Uint8Array): string {
  return quote(decodeTextLoosely(bytes.subarray(0, 80)));
}
