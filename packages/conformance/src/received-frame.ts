import { Encoding, Flag, type Frame, FrameType } from '@ostler/protocol';

/** One frame that the worker sent, in memory of its own. */
export type ReceivedFrame = Readonly<Frame>;

const TYPE_NAMES = new Map<number, string>(Object.entries(FrameType).map(([name, type]) => [type, name.toUpperCase()]));
const TERMINAL_TYPES: readonly number[] = [FrameType.result, FrameType.failure, FrameType.end];
const SENT_BY_WORKERS: readonly number[] = [
  ...TERMINAL_TYPES,
  FrameType.hello,
  FrameType.ready,
  FrameType.chunk,
  FrameType.body,
  FrameType.progress,
  FrameType.log,
  FrameType.pong,
  FrameType.ask,
  FrameType.stack,
  FrameType.lastWords,
];

/** A copy of a decoder's frame, whose views die with the call. */
export function keepFrame(frame: Frame): ReceivedFrame {
  return { ...frame, metadata: frame.metadata.slice(), body: frame.body.slice() };
}

/** Whether the frame settles its task; a FAILURE with id 0 settles the start of the worker. */
export function isTerminal(frame: ReceivedFrame): boolean {
  return TERMINAL_TYPES.includes(frame.type);
}

/** Whether a worker may send a frame of this type at all. */
export function isSentByWorkers(type: number): boolean {
  return SENT_BY_WORKERS.includes(type);
}

/** The frame in a few words, for messages. */
export function describeFrame({ type, flags, encoding, id, body }: ReceivedFrame): string {
  const flagNames = Object.entries(Flag).flatMap(([name, bit]) => (flags & bit ? [`+${name}`] : []));
  const text = encoding === Encoding.json ? ` ${new TextDecoder().decode(body.subarray(0, 200))}` : '';
  return `${TYPE_NAMES.get(type) ?? `type ${type}`}${flagNames.join('')} id ${id}, ${body.length} bytes${text}`;
}
