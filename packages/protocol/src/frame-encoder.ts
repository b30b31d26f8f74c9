import {
  EMPTY,
  type FrameHead,
  type FrameInput,
  frameSize,
  HEADER_SIZE,
  MAGIC,
  MAX_METADATA,
  TRAILER_SIZE,
} from './frame.js';
import { Slab } from './slab.js';

/** Writes one frame at `offset` and returns where it ends; RangeError where it does not fit or starts off a multiple of 8. */
export function encodeFrame(slab: Slab, offset: number, frame: FrameInput): number {
  const metadata = frame.metadata ?? EMPTY;
  const body = frame.body ?? EMPTY;
  const end = offset + frameSize(metadata.length, body.length);
  checkPlace(slab, offset, end, metadata.length);
  const { words, bytes } = slab;
  const trailer = (end - TRAILER_SIZE) >>> 2;
  // The padding is in the payload's last 8 bytes: zeros first, content over them. Without payload this is header, written below.
  words[trailer - 1] = 0;
  words[trailer - 2] = 0;
  const payload = metadata.length + body.length;
  writeHeader(words, offset >>> 2, {
    word: frame.type | ((frame.flags ?? 0) << 8) | ((frame.encoding ?? 0) << 16),
    id: frame.id,
    metadataLength: metadata.length,
    bodyLength: body.length,
    key: frame.key,
  });
  if (metadata.length > 0) bytes.set(metadata, offset + HEADER_SIZE);
  if (body.length > 0) bytes.set(body, offset + HEADER_SIZE + metadata.length);
  words[trailer] = frame.id;
  words[trailer + 1] = payload;
  return end;
}

/** Writes a header alone, for a body that is written in place or sent without a copy. */
export function encodeHeader(slab: Slab, offset: number, head: FrameHead): void {
  checkPlace(slab, offset, offset + HEADER_SIZE, head.metadataLength);
  const { type, flags, encoding, id, metadataLength, bodyLength, key } = head;
  writeHeader(slab.words, offset >>> 2, {
    word: type | (flags << 8) | (encoding << 16),
    id,
    metadataLength,
    bodyLength,
    key,
  });
}

/** Writes a trailer alone, at the multiple of 8 behind the body; the zeros between are the caller's. */
export function encodeTrailer(slab: Slab, offset: number, head: FrameHead): void {
  checkPlace(slab, offset, offset + TRAILER_SIZE, head.metadataLength);
  const at = offset >>> 2;
  slab.words[at] = head.id;
  slab.words[at + 1] = head.metadataLength + head.bodyLength;
}

/** One frame in an array of its own. */
export function frameBytes(frame: FrameInput): Uint8Array {
  const slab = new Slab(frameSize(frame.metadata?.length ?? 0, frame.body?.length ?? 0));
  encodeFrame(slab, 0, frame);
  return slab.bytes;
}

interface HeaderWords {
  word: number;
  id: number;
  metadataLength: number;
  bodyLength: number;
  key: number;
}

function writeHeader(words: Uint32Array, at: number, head: HeaderWords): void {
  words[at] = MAGIC;
  words[at + 1] = head.word;
  words[at + 2] = head.id;
  words[at + 3] = head.metadataLength;
  words[at + 4] = head.bodyLength;
  words[at + 5] = head.key ^ head.word ^ head.id ^ head.metadataLength ^ head.bodyLength;
}

function checkPlace(slab: Slab, offset: number, end: number, metadataLength: number): void {
  if ((offset & 7) !== 0) throw new RangeError(`a frame begins at a multiple of 8, not at ${offset}`);
  if (metadataLength > MAX_METADATA) {
    throw new RangeError(`metadata has at most ${MAX_METADATA} bytes, not ${metadataLength}`);
  }
  if (end > slab.bytes.length) throw new RangeError(`${end} bytes do not fit into a slab of ${slab.bytes.length}`);
}
