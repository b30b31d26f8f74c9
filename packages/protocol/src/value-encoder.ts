import { Encoding } from './frame-types.js';
import { formatPointer } from './json-pointer.js';
import { JsonValueError } from './json-value-error.js';
import { encodeText } from './text.js';

/** Levels of nesting that are sent; every receiver must take as many. */
const MAX_DEPTH = 500;
const MAX_BODY = 0xffff_ffff;

/** A value as it travels. */
export interface EncodedValue {
  encoding: typeof Encoding.json | typeof Encoding.attachments;
  body: Uint8Array;
}

interface Attachment {
  path: Uint8Array;
  content: Uint8Array;
}

/** JSON, with every Uint8Array in the value beside it as an attachment; JsonValueError for what JSON would change. */
export function encodeValue(value: unknown): EncodedValue {
  if (value === undefined || value === null) return { encoding: Encoding.json, body: encodeText('null') };
  const walk = new ValueWalk();
  const json = encodeText(JSON.stringify(walk.plain(value)));
  if (walk.attachments.length === 0) return { encoding: Encoding.json, body: json };
  return { encoding: Encoding.attachments, body: join(json, walk.attachments) };
}

/** Looks at every part of one value: refuses what JSON would change, takes attachments out. */
class ValueWalk {
  readonly attachments: Attachment[] = [];
  /** Keys that lead to where the walk is, and the containers that they were taken from. */
  readonly #path: (string | number)[] = [];
  readonly #parents: object[] = [];

  /** The value itself, or a copy with null in the place of attachments. */
  plain(value: unknown): unknown {
    if (isHonestScalar(value)) return value;
    if (typeof value === 'object') return this.#container(value as object);
    const isNamedByItself = typeof value === 'number' || value === undefined;
    throw this.#refused(isNamedByItself ? String(value) : `a ${typeof value}`);
  }

  #container(value: object): unknown {
    if (isUint8Array(value)) {
      this.attachments.push({ path: this.#attachmentPath(), content: value });
      return null;
    }
    const isArray = Array.isArray(value);
    if (!isArray && !isPlain(value)) throw this.#refused(`a ${classOf(value)}`);
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') throw this.#refused('an object with toJSON');
    if (this.#parents.includes(value)) throw this.#refused('a circular reference');
    if (this.#parents.length === MAX_DEPTH) throw this.#refused(`nesting of more than ${MAX_DEPTH} levels`);
    this.#parents.push(value);
    const plain = isArray ? this.#array(value) : this.#object(value as Record<string, unknown>);
    this.#parents.pop();
    return plain;
  }

  /** Copied only where an attachment was taken out, which most values have none of. */
  #array(array: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let index = 0; index < array.length; index += 1) {
      const item = array[index];
      if (isHonestScalar(item)) continue;
      this.#path.push(index);
      const plain = this.plain(item);
      this.#path.pop();
      if (plain === item) continue;
      copy ??= array.slice();
      copy[index] = plain;
    }
    return copy ?? array;
  }

  #object(object: Record<string, unknown>): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(object)) {
      const item = object[key];
      if (item === undefined || isHonestScalar(item)) continue; // JSON drops undefined members, and so do we
      this.#path.push(key);
      const plain = this.plain(item);
      this.#path.pop();
      if (plain === item) continue;
      copy ??= copyOf(object);
      copy[key] = plain;
    }
    return copy ?? object;
  }

  #attachmentPath(): Uint8Array {
    const pointer = formatPointer(this.#path);
    // JSON can escape half a character, UTF-8 cannot: the receiver would look in another place.
    if (/\p{Surrogate}/u.test(pointer)) throw this.#refused('bytes behind a key that is not Unicode text');
    return encodeText(pointer);
  }

  #refused(problem: string): JsonValueError {
    return new JsonValueError(problem, formatPointer(this.#path));
  }
}

function isHonestScalar(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' || typeof value === 'boolean' || value === null;
}

function isUint8Array(value: object): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Partial<Uint8Array>)[Symbol.toStringTag] === 'Uint8Array';
}

/** An object that is nobody's instance, of this realm or another one: its prototype is the root of its chain, if it has one. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function classOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}

/** Without a prototype, `__proto__` is a key like any other. */
function copyOf(object: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null), object);
}

/** The body of encoding 2: table, JSON, paths, contents. */
function join(json: Uint8Array, attachments: readonly Attachment[]): Uint8Array {
  const table = new Uint8Array(8 + 8 * attachments.length);
  const view = new DataView(table.buffer);
  view.setUint32(0, json.length, true);
  view.setUint32(4, attachments.length, true);
  attachments.forEach(({ path, content }, index) => {
    view.setUint32(8 + 8 * index, path.length, true);
    view.setUint32(12 + 8 * index, content.length, true);
  });
  const paths = attachments.map(({ path }) => path);
  const contents = attachments.map(({ content }) => content);
  return concat([table, json, ...paths, ...contents]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MAX_BODY) throw new RangeError(`a body has at most ${MAX_BODY} bytes, this value has ${length}`);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
