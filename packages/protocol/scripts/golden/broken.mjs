import {
  damageEvent,
  FLAGS,
  field,
  frame,
  frameEvent,
  json,
  KEY,
  strayEvent,
  u32,
  wellFormed,
  write,
} from './format.mjs';

const one = frame('RESULT', { id: 1, body: 'first' });
const two = frame('RESULT', { id: 2, body: 'second' });
const whole = frame('RESULT', { id: 3, body: 'a body of some length' });

/** A vector of frames and other bytes, as the parts of what a worker writes to its channel. */
function broken(name, { holds, must, parts, ...rest }) {
  return {
    name,
    from: 'worker',
    holds,
    must,
    wellFormed: false,
    key: KEY,
    ...rest,
    bytes: Buffer.concat(parts.map((part) => part.bytes)),
    events: parts.flatMap((part) => part.events),
  };
}

const good = (input) => ({ bytes: write(input), events: [frameEvent(input)] });
const stray = (bytes) => ({ bytes: Buffer.from(bytes), events: [strayEvent(bytes)] });

/** Bytes put into, or taken out of, a frame's body; the reader takes the frame for as long as its header says. */
function altered(input, edit, offset) {
  const written = write(input);
  const bytes = edit(written);
  const rest = bytes.subarray(written.length);
  const events = [damageEvent(input.id, offset, written.length), ...(rest.length > 0 ? [strayEvent(rest)] : [])];
  return { bytes, events };
}

const insert = (text) => (bytes) => Buffer.concat([bytes.subarray(0, 30), Buffer.from(text), bytes.subarray(30)]);
const skipped = 'skip it, and go on with the next frame: stray text is quoted in the log, no task fails';

/** The vector of a body that lost bytes: the frame behind it is taken for its end. */
function shortened() {
  const written = write(whole);
  const bytes = Buffer.concat([written.subarray(0, 30), written.subarray(38), write(one), write(two)]);
  const lost = bytes.subarray(written.length, written.length - 8 + write(one).length);
  return {
    bytes,
    events: [damageEvent(whole.id, 0, written.length), strayEvent(lost), frameEvent(two)],
  };
}

export const brokenVectors = [
  broken('stray-text', {
    holds: 'two frames, printed text before, between and behind them',
    must: skipped,
    parts: [stray('Starting…\n'), good(one), stray('debug: größe = 3\n'), good(two), stray('bye')],
  }),
  broken('stray-magic', {
    holds: 'bytes that look like the beginning of a frame, several times',
    must: skipped,
    parts: [
      good(one),
      stray([0xf8, 0xf8, 0x4f, 0xf8, 0x4f, 0x53, 0xf8, 0x4f, 0x53, 0x54, 0xf8, 0x4f, 0x53, 0x54]),
      good(two),
    ],
  }),
  broken('wrong-key', {
    holds: 'a whole frame under another key, as printed or replayed from somewhere else',
    must: skipped,
    parts: [good(one), stray(write(whole, { key: KEY ^ 1 })), good(two)],
  }),
  broken('wrong-check', {
    holds: 'a frame whose check has one bit wrong',
    must: skipped,
    parts: [good(one), stray(write(whole, { check: 1 << 30 })), good(two)],
  }),
  broken('over-limit', {
    holds: 'a header with a right check and a body longer than the limit of 1,024 bytes',
    must: 'not wait for the body, nor allocate it: the header is stray',
    maxFrame: 1_024,
    parts: [good(one), stray(write(whole, { bodyLength: 1_025 })), good(two)],
  }),
  broken('over-limit-metadata', {
    holds: 'a header with a right check that announces 65,537 bytes of metadata',
    must: 'take the header for stray bytes',
    parts: [good(one), stray(overlongMetadata()), good(two)],
  }),
  broken('inserted', {
    holds: 'a frame with 12 printed bytes in the middle of its body, then a good one',
    must: 'notice it: the task of that frame (id 3) fails with ProtocolError, and the worker is replaced',
    parts: [good(one), altered(whole, insert('hello there\n'), write(one).length), good(two)],
  }),
  broken('deleted', {
    holds: 'a frame that lost 8 bytes of its body, then two good ones',
    must: 'notice it; the frame behind it is lost as well, the one after that is found',
    parts: [shortened()],
  }),
  broken('wrong-trailer', {
    holds: 'a frame whose trailer has the id of another task',
    must: 'take it for damage',
    parts: [{ bytes: write(whole, { trailerId: 4 }), events: [damageEvent(3, 0, write(whole).length)] }, good(two)],
  }),
  broken('truncated', {
    holds: 'a good frame, and one of which the last 10 bytes never came',
    must: 'take what is there for damage at the end of file',
    parts: [
      good(one),
      { bytes: write(whole).subarray(0, -10), events: [damageEvent(3, write(one).length, write(whole).length - 10)] },
    ],
  }),
  broken('truncated-header', {
    holds: 'a good frame, and the first 20 bytes of a header',
    must: 'take them for stray bytes at the end of file',
    parts: [good(one), stray(write(whole).subarray(0, 20))],
  }),
  wellFormed('padding', {
    from: 'worker',
    holds: 'bodies of 0 to 9 bytes, one with metadata of 12',
    must: 'pad metadata and body together, with zeros, to a multiple of 8',
    frames: [
      ...Array.from({ length: 10 }, (_, size) => frame('RESULT', { id: size + 1, body: '123456789'.slice(0, size) })),
      frame('RESULT', { id: 11, metadata: [field(200, 'ab\0cdef!')], body: '123' }),
    ],
  }),
  wellFormed('frame-in-body', {
    from: 'worker',
    holds: 'a body that is itself a frame, under the right key',
    must: 'take it for a body: lengths decide, not what the body looks like',
    frames: [frame('RESULT', { id: 12, body: write(one) })],
  }),
  wellFormed('unknown-type', {
    from: 'worker',
    holds: 'frames of types 60 and 200, between known ones',
    must: 'skip types that it does not know',
    frames: [one, frame(60, { id: 5, body: 'later' }), frame(200, { id: 0, flags: 0x80, encoding: 9 }), two],
  }),
  wellFormed('split-too-long', {
    from: 'worker',
    holds: 'a split body with more bytes than field 9 announced',
    must: 'refuse it when it is joined',
    frames: [
      frame('RESULT', { id: 6, flags: FLAGS.MORE, metadata: [field(9, 6)], body: 'four' }),
      frame('BODY', { id: 6, body: 'four' }),
    ],
    assembled: 'refused',
  }),
  wellFormed('split-interrupted', {
    from: 'worker',
    holds: 'a RESULT between the pieces of another one',
    must: 'refuse it when it is joined',
    frames: [
      frame('RESULT', { id: 6, flags: FLAGS.MORE, metadata: [field(9, 8)], body: 'four' }),
      two,
      frame('BODY', { id: 6, body: 'four' }),
    ],
    assembled: 'refused',
  }),
  wellFormed('malformed-metadata', {
    from: 'parent',
    holds: 'TASKs whose metadata ends inside a field, whose attempt has two bytes, whose handler is no UTF-8',
    must: 'not crash; a worker may leave with code 70',
    frames: [
      frame('TASK', { id: 31, metadata: Buffer.of(1, 0, 9, 0, 0x61), invalidMetadata: true }),
      frame('TASK', { id: 32, metadata: [field(3, 'ab')], invalidMetadata: true }),
      frame('TASK', { id: 33, metadata: [Buffer.of(1, 0, 1, 0, 0xff)], invalidMetadata: true }),
      frame('TASK', { id: 34, metadata: [field(8, '{"a":1}')], body: json('1'), invalidMetadata: true }),
    ],
  }),
];

function overlongMetadata() {
  const header = [0x54534ff8, 17, 3, 65_537, 0];
  return u32(
    ...header,
    header.slice(1).reduce((xor, number) => xor ^ number, KEY),
  );
}
