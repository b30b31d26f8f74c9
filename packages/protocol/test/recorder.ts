import { type Damage, type Frame, FrameDecoder } from '../src/index.js';

export type Told =
  | { event: 'frame'; type: number; flags: number; encoding: number; id: number; metadata: string; body: string }
  | { event: 'stray'; bytes: string; omitted: number }
  | { event: 'damage'; id: number; offset: number; length: number };

/** A decoder and all that it told, with stray bytes joined that came in several pieces. */
export class Recorder {
  readonly told: Told[] = [];
  readonly damages: Damage[] = [];
  readonly decoder: FrameDecoder;
  /** Called with each frame, as a session would be. */
  onFrame: (frame: Frame) => void = () => {};

  constructor(options: { key?: number; maxFrame?: number } = {}) {
    this.decoder = new FrameDecoder(
      {
        onFrame: (frame) => {
          const { type, flags, encoding, id } = frame;
          this.told.push({
            event: 'frame',
            type,
            flags,
            encoding,
            id,
            metadata: hex(frame.metadata),
            body: hex(frame.body),
          });
          this.onFrame(frame);
        },
        onStray: (bytes, omitted) => {
          const last = this.told.at(-1);
          if (last?.event === 'stray') {
            last.bytes += hex(bytes);
            last.omitted += omitted;
          } else this.told.push({ event: 'stray', bytes: hex(bytes), omitted });
        },
        onDamage: (damage) => {
          const { id, offset, length } = damage;
          this.told.push({ event: 'damage', id, offset, length });
          this.damages.push(damage);
        },
      },
      options,
    );
  }

  push(...chunks: Uint8Array[]): this {
    for (const chunk of chunks) this.decoder.push(chunk);
    return this;
  }

  end(): Told[] {
    this.decoder.end();
    return this.told;
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The bytes, cut after each `size`. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}
