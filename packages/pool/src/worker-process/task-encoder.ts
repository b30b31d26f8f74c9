import { Flag, type FrameInput, FrameType, frameSize, splitBody } from '@ostler/protocol';
import type { OutgoingBuffer } from './outgoing-buffer.js';
import type { OutgoingTask } from './outgoing-task.js';

/** Bodies from this size on are handed to the system as they are; copying smaller ones costs less than a write each. */
const COPY_LIMIT = 65_536;
/** No UTF-16 unit becomes more bytes of UTF-8 than this. */
const MAX_UTF8 = 3;
const NO_BYTES = new Uint8Array(0);

/** Turns tasks into frames. Nothing is allocated for a small one. */
export class TaskEncoder {
  readonly #frame: Required<FrameInput>;
  readonly #head;

  constructor(
    key: number,
    readonly maxFrame: number,
  ) {
    const common = { type: FrameType.task as number, flags: 0, encoding: 0, id: 0, key };
    this.#frame = { ...common, metadata: NO_BYTES, body: NO_BYTES };
    this.#head = { ...common, metadataLength: 0, bodyLength: 0 };
  }

  /** Bytes that a small task needs at most in a buffer; undefined for one that goes out in `pieces`. */
  roomFor({ body, metadata }: OutgoingTask): number | undefined {
    let most = body.length;
    if (typeof body === 'string') {
      most *= MAX_UTF8;
      if (most >= COPY_LIMIT && body.length < COPY_LIMIT) most = Buffer.byteLength(body);
    }
    return most >= COPY_LIMIT || most > this.maxFrame ? undefined : frameSize(metadata?.byteLength ?? 0, most);
  }

  /** Adds a small task to a buffer with room for it. */
  encode(task: OutgoingTask, buffer: OutgoingBuffer): void {
    const { body, metadata } = task;
    if (typeof body === 'string') {
      const head = this.#head;
      head.flags = task.stream ? Flag.stream : 0;
      head.encoding = task.encoding;
      head.id = task.id;
      head.metadataLength = metadata?.byteLength ?? 0;
      buffer.addText(head, metadata, body);
    } else {
      buffer.add(this.#fill(task, body));
    }
    buffer.taskIds.push(task.id);
  }

  /** The frames of a big task. Views of its bytes; a string is encoded once, when its turn has come. */
  pieces(task: OutgoingTask): Iterator<FrameInput> {
    const { body } = task;
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    return splitBody({ ...this.#fill(task, bytes) }, this.maxFrame)[Symbol.iterator]();
  }

  #fill(task: OutgoingTask, body: Uint8Array): Required<FrameInput> {
    const frame = this.#frame;
    frame.flags = task.stream ? Flag.stream : 0;
    frame.encoding = task.encoding;
    frame.id = task.id;
    frame.metadata = task.metadata ?? NO_BYTES;
    frame.body = body;
    return frame;
  }
}
