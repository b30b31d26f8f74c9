/** First bytes of every frame, little-endian: F8 4F 53 54. F8 occurs nowhere in UTF-8, so no text looks like a frame. */
export const MAGIC = 0x54534ff8;
export const MAGIC_FIRST_BYTE = 0xf8;

/** Bytes before the metadata. */
export const HEADER_SIZE = 24;
/** Bytes after the padded body. */
export const TRAILER_SIZE = 8;
/** The most bytes of metadata in one frame. */
export const MAX_METADATA = 65_536;
/** The most bytes of body in one frame until WELCOME has said otherwise. */
export const HANDSHAKE_MAX_FRAME = 1_048_576;
/** Bytes of chunks that a worker may send for a stream before the first CREDIT. */
export const INITIAL_CREDIT = 262_144;

/** Says that nothing is there; has no bytes that anybody could change. */
export const EMPTY = new Uint8Array(0);

/** A frame as received. Reused between frames: `metadata` and `body` are views that are valid only during `onFrame`. */
export interface Frame {
  type: number;
  flags: number;
  encoding: number;
  id: number;
  metadata: Uint8Array;
  body: Uint8Array;
}

/** A frame to be sent. */
export interface FrameInput {
  type: number;
  flags?: number;
  encoding?: number;
  id: number;
  metadata?: Uint8Array;
  body?: Uint8Array;
  key: number;
}

/** What a header says. */
export interface FrameHead {
  type: number;
  flags: number;
  encoding: number;
  id: number;
  metadataLength: number;
  bodyLength: number;
  key: number;
}

/** Bytes of a whole frame: header, metadata and body padded to a multiple of 8, trailer. */
export function frameSize(metadataLength: number, bodyLength: number): number {
  const payload = metadataLength + bodyLength;
  return HEADER_SIZE + payload + (-payload & 7) + TRAILER_SIZE;
}
