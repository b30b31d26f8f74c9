import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';
import { Readable } from 'node:stream';

/** More than a unix socket holds, so that one read takes all that is there. */
const READ_SIZE = 262_144;

/** The descriptors of the protocol. */
export interface Channel {
  readonly reads: number;
  readonly writes: number;
  /** The file in memory that outlives the process, where the pool offers one. */
  readonly ledger?: number;
  /** The addon that maps it. */
  readonly addon?: string | undefined;
}

/** stdin and stdout, for a parent that offers nothing better. */
const STANDARD: Channel = { reads: 0, writes: 1 };

/**
 * The private descriptors that the pool offers, or else stdin and stdout. The offers are taken out of the environment,
 * because they are not for our children; nor do those get the descriptors, which Node marks close-on-exec when it starts.
 */
export function takeChannel(env: NodeJS.ProcessEnv): Channel {
  const { OSTLER_CHANNEL: offer, OSTLER_LEDGER: ledger, OSTLER_ADDON: addon } = env;
  delete env.OSTLER_CHANNEL;
  delete env.OSTLER_LEDGER;
  delete env.OSTLER_ADDON;
  const channel = channelOf(offer);
  return ledger === undefined || ledger === '' ? channel : { ...channel, ledger: Number(ledger), addon };
}

function channelOf(offer: string | undefined): Channel {
  if (offer === undefined || offer === '') return STANDARD;
  const [reads, writes] = offer.split(',').map(Number);
  if (!isDescriptor(reads) || !isDescriptor(writes)) {
    throw new Error(`OSTLER_CHANNEL should be two descriptors like '3,4', got '${offer}'`);
  }
  return { reads, writes };
}

export interface ChannelListener {
  /** The bytes are overwritten when this has returned. */
  onBytes(bytes: Uint8Array): void;
  onEnd(): void;
  /** The descriptor is no pipe and no socket: a terminal, a file. */
  onUnusable(): void;
}

/** Reads until the end of the channel, and keeps the process alive until then. */
export function listen({ reads }: Channel, { onBytes, onEnd, onUnusable }: ChannelListener): void {
  const socket = open(reads, onBytes);
  if (socket === undefined) {
    onUnusable();
    return;
  }
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    onEnd();
  };
  socket.once('end', end);
  socket.once('error', end); // a reset: the pool is gone
  socket.resume();
  if (reads === STANDARD.reads) hideStdin();
}

/** Reads straight into a buffer of ours, without a stream's chunks and events. */
function open(fd: number, onBytes: (bytes: Uint8Array) => void): Socket | undefined {
  const buffer = new Uint8Array(READ_SIZE);
  const onread: OnReadOpts = {
    buffer,
    callback(length) {
      onBytes(buffer.subarray(0, length));
      return true;
    },
  };
  // The types know `onread` as an option of connect() only.
  const options: SocketConstructorOpts & { onread: OnReadOpts } = { fd, readable: true, writable: false, onread };
  try {
    return new Socket(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_INVALID_FD_TYPE') throw error;
    return undefined;
  }
}

/** A handler that reads stdin would take the protocol's bytes. */
function hideStdin(): void {
  const empty = Readable.from([]);
  Object.defineProperty(process, 'stdin', { configurable: true, enumerable: true, get: () => empty });
}

function isDescriptor(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}
