import { closeSync, existsSync, ftruncateSync, openSync, readSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameDecoder, LEDGER_HEADER_SIZE, parseLedger } from '@ostler/protocol';
import { keepFrame, type ReceivedFrame } from './received-frame.js';
import { expectThat } from './violation.js';

export interface LedgerState {
  readonly started: number;
  readonly encoded: number;
  readonly generation: number;
  readonly frames: readonly ReceivedFrame[];
}

let count = 0;

/** The unlinked file in memory that the worker inherits as its ledger, read from the parent's side. */
export class LedgerFile {
  readonly descriptor: number;

  constructor(readonly size: number) {
    const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
    count += 1;
    const path = join(folder, `ostler-conformance-${process.pid}-${count}`);
    this.descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    ftruncateSync(this.descriptor, size);
  }

  /** What it says now; undefined while the worker has not written its header, or writes at this very moment. */
  read(key: number): LedgerState | undefined {
    const bytes = this.#bytes(this.size);
    const before = parseLedger(bytes);
    const after = parseLedger(this.#bytes(LEDGER_HEADER_SIZE));
    if (before === undefined || after?.generation !== before.generation || after.encoded < before.encoded) {
      return undefined;
    }
    const end = LEDGER_HEADER_SIZE + before.encoded;
    expectThat(end <= this.size, `\`encoded\` within the ${this.size} bytes of the ledger`, String(before.encoded));
    return { ...before, frames: decode(bytes.subarray(LEDGER_HEADER_SIZE, end), key) };
  }

  /** For a worker that is dead: what it left. */
  readFinal(key: number): LedgerState {
    const state = this.read(key);
    expectThat(state !== undefined, 'a ledger with its header written', 'no magic at offset 0');
    return state;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  #bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    readSync(this.descriptor, bytes, 0, size, 0);
    return bytes;
  }
}

function decode(area: Uint8Array, key: number): ReceivedFrame[] {
  const frames: ReceivedFrame[] = [];
  const faults: string[] = [];
  const decoder = new FrameDecoder(
    {
      onFrame: (frame) => frames.push(keepFrame(frame)),
      onStray: (bytes) => faults.push(`${bytes.length} stray bytes`),
      onDamage: (damage) => faults.push(damage.reason),
    },
    { key, maxFrame: area.length },
  );
  decoder.push(area);
  decoder.end();
  expectThat(faults.length === 0, 'complete frames in the encoded part of the ledger', faults.join('; '));
  return frames;
}
