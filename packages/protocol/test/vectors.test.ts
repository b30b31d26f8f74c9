import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error: a script without types
import { vectorFiles } from '../scripts/golden/files.mjs';
import * as protocol from '../src/index.js';
import { concat, cut, hex, Recorder, type Told } from './recorder.js';

interface FrameEvent {
  event: 'frame';
  type: number;
  flags: number;
  encoding: number;
  id: number;
  metadata: string;
  body: string;
  json?: string;
  attachments?: { path: string; bytes: string }[];
  task?: Omit<protocol.TaskMetadata, 'remainingMs'> & { remainingMs: number | null };
  hello?: unknown;
  welcome?: protocol.Welcome;
  error?: unknown;
  credit?: number;
  invalidValue?: true;
  invalidMetadata?: true;
}
type Event =
  | FrameEvent
  | { event: 'stray'; bytes: string }
  | { event: 'damage'; id: number; offset: number; length: number };
interface Vector {
  name: string;
  file: string;
  key: number;
  keys?: number[];
  maxFrame: number;
  wellFormed: boolean;
  events: Event[];
  assembled?: 'refused' | { type: number; flags: number; encoding: number; id: number; body: string }[];
  ledger?: protocol.Ledger;
}

const folder = new URL('../vectors/', import.meta.url);
const read = (file: string): Uint8Array => new Uint8Array(readFileSync(new URL(file, folder)));
const vectors = (JSON.parse(Buffer.from(read('index.json')).toString()) as { vectors: Vector[] }).vectors;
const bytesIn = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const framesOf = (vector: Vector): FrameEvent[] => vector.events.filter((event) => event.event === 'frame');
const allFrames = vectors.flatMap((vector) => framesOf(vector).map((event) => ({ ...event, file: vector.file })));

/** What is on the channel: the file, or of a ledger what its header says. */
function channelOf({ file, ledger }: Vector): Uint8Array {
  const bytes = read(file);
  if (ledger === undefined) return bytes;
  return bytes.subarray(protocol.LEDGER_HEADER_SIZE, protocol.LEDGER_HEADER_SIZE + ledger.encoded);
}

function decode(vector: Vector, chunks: Uint8Array[]): Told[] {
  const { keys, key, maxFrame } = vector;
  const recorder = new Recorder({ key: keys?.[0] ?? key, maxFrame });
  let seen = 0;
  recorder.onFrame = () => {
    seen += 1;
    recorder.decoder.key = keys?.[seen] ?? recorder.decoder.key;
  };
  return recorder.push(...chunks).end();
}

/** The events without what is there for people and for other decoders than that of frames. */
function expected(vector: Vector): Told[] {
  return vector.events.map((event) => {
    if (event.event === 'stray') return { event: 'stray', bytes: event.bytes, omitted: 0 };
    if (event.event === 'damage') return event;
    const { type, flags, encoding, id, metadata, body } = event;
    return { event: 'frame', type, flags, encoding, id, metadata, body };
  });
}

test('the folder holds exactly what its script writes', () => {
  const files: Map<string, Uint8Array> = vectorFiles();
  expect(readdirSync(folder).sort()).toEqual([...files.keys()].sort());
  for (const [name, bytes] of files) expect(hex(read(name)), name).toBe(hex(bytes));
});

test.each(vectors)('$file is read as its events, in one chunk, byte by byte and in between', (vector) => {
  const bytes = channelOf(vector);
  for (const size of [Infinity, 1, 7, 24, 31]) {
    expect(decode(vector, size === Infinity ? [bytes] : cut(bytes, size)), `chunks of ${size}`).toEqual(
      expected(vector),
    );
  }
});

test.each(vectors.filter((vector) => vector.wellFormed))(
  '$file is what the encoder writes for its events',
  (vector) => {
    const written = framesOf(vector).map((event, index) =>
      protocol.frameBytes({
        ...event,
        key: vector.keys?.[index] ?? vector.key,
        metadata: bytesIn(event.metadata),
        body: bytesIn(event.body),
      }),
    );
    expect(hex(concat(...written))).toBe(hex(read(vector.file)));
  },
);

test.each(vectors.filter((vector) => vector.assembled))('the pieces in $file are joined as told', (vector) => {
  const assembler = new protocol.BodyAssembler(1 << 20);
  const join = (): unknown[] =>
    framesOf(vector)
      .map((event) => assembler.push({ ...event, metadata: bytesIn(event.metadata), body: bytesIn(event.body) }))
      .filter((frame) => frame !== undefined)
      .map(({ type, flags, encoding, id, body }) => ({ type, flags, encoding, id, body: hex(body) }));
  if (vector.assembled === 'refused') expect(join).toThrow(protocol.FrameError);
  else {
    const whole = (vector.assembled ?? []).map(({ type, flags, encoding, id, body }) => ({
      type,
      flags,
      encoding,
      id,
      body,
    }));
    expect(join()).toEqual(whole);
  }
});

test.each(vectors.filter((vector) => vector.ledger))('$file has the header that the index tells', (vector) => {
  expect(protocol.parseLedger(read(vector.file))).toEqual(vector.ledger);
});

const having = <Key extends keyof FrameEvent>(key: Key) =>
  allFrames.filter(
    (event): event is FrameEvent & { file: string } & Required<Pick<FrameEvent, Key>> => event[key] !== undefined,
  );

test('JSON values in the vectors are decoded, with attachments in their places', () => {
  for (const { encoding, body, json, attachments = [] } of having('json')) {
    const value = { '': JSON.parse(json) as unknown };
    for (const { path, bytes } of attachments) {
      const keys = path.split('/').map((key) => key.replace(/~1/g, '/').replace(/~0/g, '~'));
      const last = keys.pop() as string;
      const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, value);
      parent[last] = bytesIn(bytes);
    }
    expect(protocol.decodeValue(encoding, bytesIn(body))).toEqual(value['']);
  }
});

test('JSON values of the vectors are encoded to the same bytes, where their text is as JSON.stringify writes it', () => {
  const canonical = having('json').filter(
    ({ json, attachments }) => attachments?.length !== 0 && JSON.stringify(JSON.parse(json)) === json,
  );
  expect(canonical.length).toBeGreaterThan(15);
  for (const { encoding, body } of canonical) {
    const again = protocol.encodeValue(protocol.decodeValue(encoding, bytesIn(body)));
    expect([again.encoding, hex(again.body)]).toEqual([encoding, body]);
  }
});

test('malformed values in the vectors are refused with a FrameError', () => {
  const malformed = having('invalidValue');
  expect(malformed.length).toBeGreaterThan(8);
  for (const { encoding, body } of malformed) {
    expect(() => protocol.decodeValue(encoding, bytesIn(body))).toThrow(protocol.FrameError);
  }
});

test('task metadata in the vectors is read, and written to the same bytes', () => {
  for (const { metadata, task, flags, file } of having('task')) {
    const { remainingMs, ...rest } = task;
    const whole = { ...rest, remainingMs: remainingMs ?? Infinity };
    expect(protocol.decodeTaskMetadata(bytesIn(metadata))).toEqual(whole);
    const hasOtherFields = (flags & protocol.Flag.more) !== 0 || file === 'task-unknown-field.bin';
    if (!hasOtherFields) expect(hex(protocol.encodeTaskMetadata(whole) ?? new Uint8Array())).toBe(metadata);
  }
  for (const { metadata } of having('invalidMetadata')) {
    expect(() => protocol.decodeTaskMetadata(bytesIn(metadata))).toThrow(protocol.FrameError);
  }
});

test('the handshake and the credit in the vectors are read, and written to the same bytes', () => {
  for (const { body, hello } of having('hello')) {
    expect(protocol.decodeHello(bytesIn(body))).toEqual(hello);
    expect(hex(protocol.encodeHello(hello as protocol.Hello))).toBe(body);
  }
  for (const { metadata, welcome, flags } of having('welcome')) {
    expect(protocol.decodeWelcome(bytesIn(metadata))).toEqual(welcome);
    if (flags === 0) expect(hex(protocol.encodeWelcome(welcome))).toBe(metadata);
  }
  for (const { metadata, credit } of having('credit')) {
    expect(protocol.decodeCredit(bytesIn(metadata))).toBe(credit);
    expect(hex(protocol.encodeCredit(credit))).toBe(metadata);
  }
});

test('errors in the vectors are read, and written to the same bytes', () => {
  for (const { body, error } of having('error')) {
    expect(protocol.decodeRemoteError(bytesIn(body))).toEqual(error);
    expect(hex(protocol.encodeRemoteError(error as protocol.RemoteError))).toBe(body);
  }
});
