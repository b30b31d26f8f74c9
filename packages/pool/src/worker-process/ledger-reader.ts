import {
  BodyAssembler,
  type Frame,
  FrameDecoder,
  FrameError,
  FrameType,
  LEDGER_HEADER_SIZE,
  parseLedger,
} from '@ostler/protocol';
import type { LedgerFile } from '../os/operating-system.js';
import type { ChannelLimits } from './channel-reader.js';

type Deliver = (frame: Frame) => void;
type LedgerHead = NonNullable<ReturnType<typeof parseLedger>>;

/** A batch that is stored in one piece lies within the first page. */
const PAGE = 4_096;
const SEAL_SIZE = 4;
/** How often a look is repeated that met a store half-way. */
const LOOKS = 8;

/** Replies that a worker has finished and not yet written to its channel, each of them delivered once. */
export class LedgerReader {
  readonly #file: LedgerFile;
  readonly #key: number;
  readonly #limits: ChannelLimits;
  /** How much of which batch has been delivered while the worker lives: replies, which end at so many bytes. */
  #seen = { generation: -1, bytes: 0, replies: 0 };
  /** How many replies of which batch came over the channel before a task of theirs was sent again. */
  #came = { generation: -1, replies: 0 };
  /** Replies delivered early: how often each id is still to come over the channel. */
  readonly #early = new Map<number, number>();
  /** The task whose reply came last over the channel: in a batch, all up to it has come as well. */
  #lastReply: number | undefined;

  constructor(file: LedgerFile, key: number, limits: ChannelLimits) {
    this.#file = file;
    this.#key = key;
    this.#limits = limits;
  }

  /** A reply has come over the channel; true where it was delivered early. */
  isRepeated(id: number): boolean {
    this.#lastReply = id;
    return this.#early.size > 0 && this.#takeEarly(id);
  }

  /**
   * A task goes out again: what its id stands for from now on is not the reply that has come. The worker may not have
   * emptied its ledger of that reply yet, so its place is kept.
   */
  sentAgain(id: number): void {
    if (this.#lastReply !== id) return;
    const found = this.#look();
    if (found !== undefined) {
      this.#came = { generation: found.head.generation, replies: this.#repliesTo(id, found.batch) };
    }
    this.#lastReply = undefined;
  }

  /**
   * Delivers what a live worker holds back behind a long task. Not the end of a stream: its chunks may still be on their
   * way through the channel.
   */
  peek(deliver: Deliver): void {
    const found = this.#look();
    if (found === undefined) return;
    const { head, batch } = found;
    const isKnown = head.generation === this.#seen.generation;
    if (head.encoded <= (isKnown ? this.#seen.bytes : 0)) return;
    const from = isKnown ? this.#seen.replies : 0;
    this.#seen = { generation: head.generation, bytes: head.encoded, replies: from };
    this.#each(head, batch, (frame, index) => {
      this.#seen.replies = Math.max(from, index + 1);
      if (index < from || frame.type === FrameType.end) return;
      this.#early.set(frame.id, (this.#early.get(frame.id) ?? 0) + 1);
      deliver(frame);
    });
  }

  /** Delivers what a dead worker left behind; returns the id of the task that it began last (0 = none), null where nothing can be read. */
  recover(deliver: Deliver): number | null {
    const head = this.#readHead();
    if (head === undefined) return null;
    this.#each(head, this.#readBatch(head), (frame) => {
      if (!this.#takeEarly(frame.id)) deliver(frame);
    });
    return head.started;
  }

  #takeEarly(id: number): boolean {
    const count = this.#early.get(id);
    if (count === undefined) return false;
    if (count > 1) this.#early.set(id, count - 1);
    else this.#early.delete(id);
    return true;
  }

  /** Calls for each terminal frame that did not come over the channel. */
  #each({ generation }: LedgerHead, batch: Uint8Array, use: (frame: Frame, index: number) => void): void {
    const last = this.#lastReply;
    const came = generation === this.#came.generation ? this.#came.replies : 0;
    const skip = last === undefined ? came : Math.max(came, this.#repliesTo(last, batch));
    this.#decode(batch, (frame, index) => {
      if (index >= skip) use(frame, index);
    });
  }

  /** How many replies the batch has up to that task's last one; 0 where it has none. */
  #repliesTo(id: number, batch: Uint8Array): number {
    let replies = 0;
    this.#decode(batch, (frame, index) => {
      if (frame.id === id) replies = index + 1;
    });
    return replies;
  }

  #decode(batch: Uint8Array, use: (frame: Frame, index: number) => void): void {
    const bodies = new BodyAssembler(this.#limits.maxBody);
    let index = 0;
    const onFrame = (piece: Frame): void => {
      const frame = assembled(bodies, piece);
      if (frame !== undefined && isReply(frame)) use(frame, index++);
    };
    // A ledger that makes no sense holds no replies; its worker is judged by its exit.
    const decoder = new FrameDecoder(
      { onFrame, onStray: () => {}, onDamage: () => {} },
      { key: this.#key, maxFrame: this.#limits.maxFrame },
    );
    decoder.push(batch);
    decoder.end();
  }

  #readHead(): LedgerHead | undefined {
    const bytes = new Uint8Array(LEDGER_HEADER_SIZE);
    return this.#file.read(bytes, 0) === LEDGER_HEADER_SIZE ? parseLedger(bytes) : undefined;
  }

  /** The batch of a worker that may be storing the next one meanwhile; undefined where it can't be told whole. */
  #look(): { head: LedgerHead; batch: Uint8Array } | undefined {
    for (let look = 0; look < LOOKS; look++) {
      const page = new Uint8Array(Math.min(PAGE, this.#file.size));
      this.#file.read(page, 0);
      const head = parseLedger(page);
      if (head === undefined) return undefined;
      if (head.seal === 0) return this.#lookBeyond(head);
      const end = LEDGER_HEADER_SIZE + head.encoded;
      if (sealAt(page, end) === head.seal) return { head, batch: page.subarray(LEDGER_HEADER_SIZE, end) };
    }
    return undefined;
  }

  #lookBeyond(head: LedgerHead): { head: LedgerHead; batch: Uint8Array } | undefined {
    const batch = this.#readBatch(head);
    const now = this.#readHead();
    // Else the worker has written the batch and begun to overwrite it while we read.
    const isThere = now !== undefined && now.generation === head.generation && now.encoded >= head.encoded;
    return isThere ? { head, batch } : undefined;
  }

  #readBatch({ encoded }: LedgerHead): Uint8Array {
    const batch = new Uint8Array(Math.min(encoded, this.#file.size - LEDGER_HEADER_SIZE));
    return batch.subarray(0, this.#file.read(batch, LEDGER_HEADER_SIZE));
  }
}

function sealAt(page: Uint8Array, offset: number): number | undefined {
  if (offset + SEAL_SIZE > page.length) return undefined;
  return new DataView(page.buffer).getUint32(offset, true);
}

/** A piece whose beginning went over the channel belongs to no reply that can be made whole here. */
function assembled(bodies: BodyAssembler, piece: Frame): Frame | undefined {
  try {
    return bodies.push(piece);
  } catch (error) {
    if (error instanceof FrameError) return undefined;
    throw error;
  }
}

function isReply({ type }: Frame): boolean {
  return type === FrameType.result || type === FrameType.failure || type === FrameType.end;
}
