import {
  Encoding,
  encodeCredit,
  encodeTaskMetadata,
  encodeValue,
  Flag,
  type FrameInput,
  FrameType,
  type TaskMetadata,
} from '@ostler/protocol';

/** A frame to send; the parent adds the key. */
export type Outgoing = Omit<FrameInput, 'key'>;

export interface TaskOptions extends Partial<TaskMetadata> {
  readonly stream?: boolean;
}

/** A TASK whose body is bytes; a string is UTF-8. */
export function bytesTask(id: number, body: Uint8Array | string, options: TaskOptions = {}): Outgoing {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return task({ id, encoding: Encoding.bytes, body: bytes }, options);
}

/** A TASK whose body is a value: JSON, with attachments where it holds bytes. */
export function valueTask(id: number, value: unknown, options: TaskOptions = {}): Outgoing {
  return task({ id, ...encodeValue(value) }, options);
}

/** A frame that is nothing but type and id: CANCEL, PING … */
export function control(type: number, id: number): Outgoing {
  return { type, id };
}

/** CANCEL for a task that is wanted back if it has not begun. */
export function askBack(id: number): Outgoing {
  return { type: FrameType.cancel, flags: Flag.notStarted, id };
}

/** Allows `bytes` more bytes of chunks. */
export function credit(id: number, bytes: number): Outgoing {
  return { type: FrameType.credit, id, metadata: encodeCredit(bytes) };
}

function task(frame: Omit<Outgoing, 'type'>, { stream, ...fields }: TaskOptions): Outgoing {
  const metadata = encodeTaskMetadata(fields);
  return { ...frame, type: FrameType.task, flags: stream ? Flag.stream : 0, ...(metadata && { metadata }) };
}
