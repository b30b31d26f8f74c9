import { Encoding, type Frame, FrameType, type RemoteError } from '@ostler/protocol';
import type { OutgoingTask } from './outgoing-task.js';

const NOTHING = new Uint8Array(0);

/** A reply of a program that knows nothing of frames. */
export function plainReply({ id, encoding }: OutgoingTask, body: Uint8Array): Frame {
  return { type: FrameType.result, flags: 0, encoding, id, metadata: NOTHING, body };
}

export function plainFailure(id: number, error: RemoteError): Frame {
  const body = new TextEncoder().encode(JSON.stringify(error));
  return { type: FrameType.failure, flags: 0, encoding: Encoding.json, id, metadata: NOTHING, body };
}

/** The answer to a PING, which a program that knows nothing of frames can't give: what the system says of it must do. */
export function plainPong(id: number): Frame {
  return { type: FrameType.pong, flags: 0, encoding: 0, id, metadata: NOTHING, body: NOTHING };
}

/** Why a program that has one job, and takes bytes, can't be given a task; undefined where it can. */
export function unfit({ handler, encoding }: OutgoingTask, protocol: string): RemoteError | undefined {
  if (handler !== 'default') {
    const message = `there is no handler '${handler}': with protocol '${protocol}' there is only 'default'`;
    return { name: 'HandlerNotFoundError', message, data: { known: ['default'] } };
  }
  if (encoding !== Encoding.attachments) return undefined;
  const message = `a value with bytes in it can't be sent with protocol '${protocol}', which takes plain JSON`;
  return { name: 'NotSupportedError', message };
}
