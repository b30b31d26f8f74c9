import { decodeTextLoosely, encodeText, parseJson } from './text.js';
import { encodeValue } from './value-encoder.js';

/** An error as it travels: the body of FAILURE and LAST_WORDS. */
export interface RemoteError {
  name: string;
  message: string;
  stack?: string;
  code?: string;
  data?: Record<string, unknown>;
  cause?: RemoteError;
}

/** How many causes below an error are told. */
const MAX_CAUSES = 5;
/** Bytes of JSON of an error's own properties. */
const MAX_DATA = 16_384;
/** Characters of a message, and of a stack. */
const MAX_TEXT = 65_536;
/** Members that have a place of their own; `__proto__` has none anywhere. */
const NOT_DATA: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', '__proto__']);

/** What can be told of anything that was thrown: 5 causes deep, own JSON-able properties in `data` (16 KiB). Never throws. */
export function toRemoteError(error: unknown): RemoteError {
  return describe(error, MAX_CAUSES, new Set());
}

function describe(error: unknown, causes: number, seen: Set<unknown>): RemoteError {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: describeOther(error) };
  seen.add(error);
  const stack = textIn(error, 'stack');
  const code = textIn(error, 'code');
  const data = ownData(error);
  const cause = read(error, 'cause');
  const told: RemoteError = {
    name: cut(textIn(error, 'name') || 'Error'),
    message: cut(textIn(error, 'message') ?? describeOther(error)),
  };
  if (stack !== undefined) told.stack = cut(stack);
  if (code !== undefined) told.code = cut(code);
  if (data !== undefined) told.data = data;
  if (cause != null && causes > 0 && !seen.has(cause)) told.cause = describe(cause, causes - 1, seen);
  return told;
}

/** Own enumerable properties that JSON holds as they are, as many as fit. */
function ownData(error: object): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = {};
  let room = MAX_DATA - 2;
  for (const key of ownKeys(error)) {
    if (NOT_DATA.has(key) || (key === 'code' && textIn(error, 'code') !== undefined)) continue;
    const json = toJson(read(error, key), room);
    if (json === undefined) continue;
    const size = encodeText(JSON.stringify(key)).length + json.length + 2; // a colon and a comma
    if (size > room) continue;
    room -= size;
    data[key] = parseJson(decodeTextLoosely(json)); // a copy: the value may change before it is sent
  }
  return Object.keys(data).length > 0 ? data : undefined;
}

/** `undefined` for what JSON would change or cannot hold, and for what is too large. */
function toJson(value: unknown, room: number): Uint8Array | undefined {
  if (value === undefined || (typeof value === 'string' && value.length > room)) return undefined;
  try {
    const { encoding, body } = encodeValue(value);
    return encoding === 1 && body.length <= room ? body : undefined;
  } catch {
    return undefined; // no JSON, or a getter that throws: an error is told without it
  }
}

function ownKeys(error: object): string[] {
  try {
    return Object.keys(error);
  } catch {
    return []; // a Proxy may refuse
  }
}

function read(error: object, key: string): unknown {
  try {
    return (error as Record<string, unknown>)[key];
  } catch {
    return undefined; // a getter that throws tells nothing
  }
}

function textIn(error: object, key: string): string | undefined {
  const value = read(error, key);
  return typeof value === 'string' ? value : undefined;
}

/** Something was thrown that is no error. */
function describeOther(value: unknown): string {
  if (typeof value === 'string') return cut(value);
  const json = toJson(value, MAX_DATA);
  if (json !== undefined) return decodeTextLoosely(json);
  try {
    return cut(String(value));
  } catch {
    return `a ${typeof value} that cannot be told`; // its toString throws
  }
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}

/**
 * The body of a FAILURE, `maxBytes` at most: what does not fit goes, in this order: causes, data, stacks, the end of the message.
 */
export function encodeRemoteError(error: RemoteError, maxBytes = Infinity): Uint8Array {
  const { name, message, stack, code, data } = error;
  const base = { name, message, ...(code !== undefined && { code }) };
  const withStack = { ...base, ...(stack !== undefined && { stack }) };
  for (const told of [error, { ...withStack, ...(data !== undefined && { data }) }, withStack, base]) {
    const body = encodeText(JSON.stringify(told));
    if (body.length <= maxBytes) return body;
  }
  // A character takes 6 bytes of JSON at most; the rest is for names and punctuation.
  const room = Math.max(0, Math.floor((maxBytes - 512) / 6));
  return encodeText(JSON.stringify({ name: name.slice(0, 64), message: message.slice(0, room) }));
}

/** Never throws: a member of the wrong type is left out, and a body that is no JSON object is the message. */
export function decodeRemoteError(body: Uint8Array): RemoteError {
  const text = decodeTextLoosely(body);
  const value = parseJson(text);
  return isObject(value) ? restore(value, MAX_CAUSES) : { name: 'Error', message: cut(text) };
}

function restore(value: Record<string, unknown>, causes: number): RemoteError {
  const error: RemoteError = {
    name: typeof value.name === 'string' ? value.name : 'Error',
    message: typeof value.message === 'string' ? value.message : '',
  };
  if (typeof value.stack === 'string') error.stack = value.stack;
  if (typeof value.code === 'string') error.code = value.code;
  if (isObject(value.data)) error.data = value.data;
  if (isObject(value.cause) && causes > 0) error.cause = restore(value.cause, causes - 1);
  return error;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
