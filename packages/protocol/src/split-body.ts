import { FieldWriter } from './fields.js';
import { EMPTY, type FrameInput } from './frame.js';
import { Flag, FrameType } from './frame-types.js';

/** Cuts a body of more than `maxFrame` bytes into frames: the first with MORE and the total, then BODY; views, no copies. */
export function* splitBody(frame: FrameInput, maxFrame: number): Iterable<FrameInput> {
  const body = frame.body ?? EMPTY;
  if (body.length <= maxFrame) {
    yield frame;
    return;
  }
  if (!(maxFrame >= 1)) throw new RangeError(`expected a frame limit of at least 1 byte, got ${maxFrame}`);
  yield {
    ...frame,
    flags: (frame.flags ?? 0) | Flag.more,
    metadata: withTotal(frame.metadata ?? EMPTY, body.length),
    body: body.subarray(0, maxFrame),
  };
  for (let start = maxFrame; start < body.length; start += maxFrame) {
    const piece = body.subarray(start, start + maxFrame);
    const flags = start + maxFrame < body.length ? Flag.more : 0;
    yield { type: FrameType.body, flags, id: frame.id, body: piece, key: frame.key };
  }
}

function withTotal(metadata: Uint8Array, total: number): Uint8Array {
  const field = new FieldWriter().number('totalBodyLength', total).bytes();
  const joined = new Uint8Array(metadata.length + field.length);
  joined.set(metadata);
  joined.set(field, metadata.length);
  return joined;
}
