import {
  encodeFrame,
  encodeHeader,
  encodeTrailer,
  type FrameInput,
  HEADER_SIZE,
  Slab,
  TRAILER_SIZE,
} from '@ostler/protocol';

const SIZE = 262_144;
/** Kept for all workers together; what is above that goes to the garbage collector. */
const MAX_SPARE = 16;
const ALIGNMENT = 8;

type Head = Parameters<typeof encodeHeader>[2];

/** A region of memory that is being filled with frames, and the tasks that end in it. */
export class OutgoingBuffer {
  readonly taskIds: number[] = [];
  readonly #slab = new Slab(SIZE);
  /** Node encodes a string in place through a Buffer; a TextEncoder would want a new view for each. */
  readonly #text = Buffer.from(this.#slab.bytes.buffer, this.#slab.bytes.byteOffset, SIZE);
  #start = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  get room(): number {
    return SIZE - this.#end;
  }

  /** What has been added, as a view. */
  get bytes(): Uint8Array {
    return this.#slab.bytes.subarray(this.#start, this.#end);
  }

  add(frame: FrameInput): void {
    this.#end = encodeFrame(this.#slab, this.#end, frame);
  }

  /** Adds a frame whose body is `text` in UTF-8; `head.bodyLength` is filled in. */
  addText(head: Head, metadata: Uint8Array | undefined, text: string): void {
    const { bytes } = this.#slab;
    const frameStart = this.#end;
    const bodyStart = frameStart + HEADER_SIZE + head.metadataLength;
    if (metadata !== undefined) bytes.set(metadata, frameStart + HEADER_SIZE);
    head.bodyLength = this.#text.write(text, bodyStart);
    const bodyEnd = bodyStart + head.bodyLength;
    const trailer = aligned(bodyEnd);
    bytes.fill(0, bodyEnd, trailer);
    encodeHeader(this.#slab, frameStart, head);
    encodeTrailer(this.#slab, trailer, head);
    this.#end = trailer + TRAILER_SIZE;
  }

  /** Adds a frame as far as its body, which follows from where it lies. Nothing else can be added. */
  open(head: Head, metadata: Uint8Array | undefined): void {
    encodeHeader(this.#slab, this.#end, head);
    if (metadata !== undefined) this.#slab.bytes.set(metadata, this.#end + HEADER_SIZE);
    this.#end += HEADER_SIZE + head.metadataLength;
  }

  /** Begins with what follows that body: its padding and trailer. */
  close(head: Head): void {
    const payload = head.metadataLength + head.bodyLength;
    this.#start = ALIGNMENT - (aligned(payload) - payload);
    this.#slab.bytes.fill(0, this.#start, ALIGNMENT);
    encodeTrailer(this.#slab, ALIGNMENT, head);
    this.#end = ALIGNMENT + TRAILER_SIZE;
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
    this.taskIds.length = 0;
  }
}

const spare: OutgoingBuffer[] = [];

/** An empty buffer, used before or new. */
export function takeBuffer(): OutgoingBuffer {
  return spare.pop() ?? new OutgoingBuffer();
}

/** Gives a buffer back that nobody reads any more. */
export function recycle(buffer: OutgoingBuffer): void {
  buffer.clear();
  if (spare.length < MAX_SPARE) spare.push(buffer);
}

function aligned(length: number): number {
  return (length + ALIGNMENT - 1) & -ALIGNMENT;
}
