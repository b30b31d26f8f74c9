import type { TaskPlan } from './scenario.js';

const PATTERN = Buffer.from(Array.from({ length: 1_009 }, (_, i) => 97 + ((i * 31 + (i >> 3)) % 26)));

/** What a worker reads in a body: which task it is, what to do and how long the answer is to be. */
export interface TaskOrder {
  readonly task: number;
  readonly deed: string;
  readonly times: number;
  readonly replySize: number;
  /** 0 for a task that is no stream. */
  readonly chunks: number;
}

/** `#12 crash 1 300 0|xyz…`, as long as the plan wants it. */
export function taskBody(task: number, { deed, times, size, replySize }: TaskPlan, chunks = 0): Buffer {
  return padded(`#${task} ${deed} ${times} ${replySize} ${chunks}|`, size);
}

export function readOrder(body: Uint8Array): TaskOrder {
  const match = /^#(\d+) ([\w-]+) (\d+) (\d+) (\d+)\|/.exec(Buffer.from(body.subarray(0, 80)).toString('latin1'));
  if (match === null) throw new Error('a worker got a body that is no task of this world');
  const [, task, deed = '', times, replySize, chunks] = match;
  return { task: Number(task), deed, times: Number(times), replySize: Number(replySize), chunks: Number(chunks) };
}

/** The tasks whose beginning is in these bytes. */
export function tasksIn(bytes: Uint8Array): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return Array.from(text.matchAll(/#(\d+) [\w-]+ \d+ \d+ \d+\|/g), ([, task]) => Number(task));
}

/** The answer to a body: nothing else can be it. */
export function answerTo(body: Uint8Array): Buffer {
  const { task, replySize } = readOrder(body);
  return padded(`=${task} of ${body.length} bytes, ${checksum(body)}|`, replySize);
}

/** Item `index` of the stream that answers the task. */
export function chunkOf(task: number, index: number, size: number): Buffer {
  return padded(`~${task} ${index}|`, size);
}

function padded(head: string, size: number): Buffer {
  const body = Buffer.alloc(Math.max(size, head.length), PATTERN);
  body.write(head, 'latin1');
  return body;
}

function checksum(bytes: Uint8Array): number {
  let sum = bytes.length;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}
