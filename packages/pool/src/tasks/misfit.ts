import { Encoding, type Frame, FrameError, FrameType } from '@ostler/protocol';
import type { PendingTask } from './pending-task.js';

/** Why a frame of this worker can be no reply to the task, or undefined where it can; then the caller of a value has read it. */
export function misfit(task: PendingTask, frame: Frame): string | undefined {
  const { type, encoding } = frame;
  if (type === FrameType.failure) return undefined;
  if (type === FrameType.end) return task.wantsStream ? undefined : 'END came for a task that is no stream';
  if (type === FrameType.chunk && !task.wantsStream) return 'CHUNK came for a task that is no stream';
  if ((encoding === Encoding.bytes) !== (task.encoding === Encoding.bytes)) {
    const asked = task.encoding === Encoding.bytes ? 'bytes' : 'a value';
    return `a reply in encoding ${encoding} came for a task of ${asked}`;
  }
  return task.caller.read === undefined ? undefined : unreadable(task.caller.read.bind(task.caller), frame);
}

function unreadable(read: (frame: Frame) => void, frame: Frame): string | undefined {
  try {
    read(frame);
    return undefined;
  } catch (error) {
    if (error instanceof FrameError) return error.message;
    throw error;
  }
}
