import { decodeRemoteError, encodeRemoteError, type RemoteError } from './remote-error.js';
import { decodeTextLoosely, parseJson } from './text.js';

/** The body of LAST_WORDS: what ends the worker, and the handler of the task that left it behind, where that is known. */
export interface LastWords extends RemoteError {
  handler?: string;
}

/** At most `maxBytes`; where they do not all fit, the handler is left out with the causes. */
export function encodeLastWords(words: LastWords, maxBytes = Infinity): Uint8Array {
  return encodeRemoteError(words, maxBytes);
}

/** As `decodeRemoteError`: never throws. */
export function decodeLastWords(body: Uint8Array): LastWords {
  const error = decodeRemoteError(body);
  const handler = (parseJson(decodeTextLoosely(body)) as { handler?: unknown } | null | undefined)?.handler;
  return typeof handler === 'string' ? { ...error, handler } : error;
}
