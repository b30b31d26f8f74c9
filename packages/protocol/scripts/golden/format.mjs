// A second, independent writer of the format: vectors that came from the encoder under test would prove nothing.

export const KEY = 0x9e3779b9;

export const TYPES = {
  HELLO: 1,
  WELCOME: 2,
  READY: 3,
  TASK: 16,
  RESULT: 17,
  FAILURE: 18,
  CHUNK: 19,
  END: 20,
  BODY: 21,
  CREDIT: 22,
  PROGRESS: 23,
  LOG: 24,
  CANCEL: 25,
  PING: 32,
  PONG: 33,
  ASK: 34,
  ANSWER: 35,
  INSPECT: 36,
  STACK: 37,
  LAST_WORDS: 38,
};
export const FLAGS = { MORE: 1, STREAM: 2, CANCELLED: 4, NOT_STARTED: 8 };

const MAGIC = 0x54534ff8;
const nameOf = (type) => Object.keys(TYPES).find((name) => TYPES[name] === type) ?? 'unknown';

/** A frame to be written: `type` by name or number, `metadata` as fields or bytes, `body` as bytes or a JSON value's `{ encoding, body }`. */
export function frame(type, { id = 0, flags = 0, metadata = [], body = '', encoding = 0, key = KEY, ...told } = {}) {
  const number = TYPES[type] ?? type;
  const isValue = typeof body === 'object' && !Buffer.isBuffer(body);
  return {
    type: number,
    flags,
    encoding: isValue ? body.encoding : encoding,
    id,
    metadata: Buffer.isBuffer(metadata) ? metadata : Buffer.concat(metadata),
    body: isValue ? body.body : Buffer.from(body),
    key,
    told: { ...(isValue && body.told), ...told },
  };
}

/** What a reader must find in a TASK's metadata: what is not given has its default. */
export function taskMetadata(given = {}) {
  return {
    handler: 'default',
    remainingMs: null,
    attempt: 1,
    tenant: '',
    idempotencyKey: null,
    traceparent: null,
    tracestate: null,
    metadata: {},
    ...given,
  };
}

/** The frame's bytes. `lies` replace numbers of its header or trailer, for vectors of what is wrong. */
export function write({ type, flags, encoding, id, metadata, body, key }, lies = {}) {
  const payload = metadata.length + body.length;
  const word = type | (flags << 8) | (encoding << 16);
  const header = [MAGIC, word, id, metadata.length, lies.bodyLength ?? body.length];
  const check = header.slice(1).reduce((xor, number) => xor ^ number, lies.key ?? key);
  return Buffer.concat([
    u32(...header, check ^ (lies.check ?? 0)),
    metadata,
    body,
    Buffer.alloc(-payload & 7),
    u32(lies.trailerId ?? id, lies.trailerLength ?? payload),
  ]);
}

export function u32(...numbers) {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number >>> 0, 4 * index);
  return bytes;
}

/** One field of metadata: a number is a u32, a string UTF-8. */
export function field(tag, value) {
  const bytes = typeof value === 'number' ? u32(value) : Buffer.from(value);
  return Buffer.concat([Buffer.of(tag, 0, bytes.length & 0xff, bytes.length >> 8), bytes]);
}

/** A JSON body, from its exact text. */
export function json(text) {
  return { encoding: 1, body: Buffer.from(text), told: { json: text } };
}

/** A body of JSON and attachments: `attachments` is [path, bytes][]. */
export function attached(text, attachments) {
  const paths = attachments.map(([path]) => Buffer.from(path));
  const contents = attachments.map(([, content]) => Buffer.from(content));
  const lengths = paths.flatMap((path, index) => [path.length, contents[index].length]);
  const head = u32(Buffer.byteLength(text), attachments.length, ...lengths);
  const told = attachments.map(([path], index) => ({ path, bytes: contents[index].toString('hex') }));
  return {
    encoding: 2,
    body: Buffer.concat([head, Buffer.from(text), ...paths, ...contents]),
    told: { json: text, attachments: told },
  };
}

/** What a reader must make of a frame. */
export function frameEvent({ type, flags, encoding, id, metadata, body, told }) {
  return {
    event: 'frame',
    name: nameOf(type),
    type,
    flags,
    encoding,
    id,
    metadata: metadata.toString('hex'),
    body: body.toString('hex'),
    ...told,
  };
}

export function strayEvent(bytes) {
  const buffer = Buffer.from(bytes);
  return { event: 'stray', bytes: buffer.toString('hex'), text: buffer.toString() };
}

export function damageEvent(id, offset, length) {
  return { event: 'damage', id, offset, length };
}

/** A vector of frames and nothing else. */
export function wellFormed(name, { from, holds, must, frames, ...rest }) {
  return {
    name,
    from,
    holds,
    must,
    wellFormed: true,
    ...rest,
    key: frames[0].key,
    bytes: Buffer.concat(frames.map((each) => write(each))),
    events: frames.map(frameEvent),
  };
}
