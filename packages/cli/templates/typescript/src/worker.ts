// Every export is a handler, called by its name; the default export is the one that is called without a name.
import { createHash } from 'node:crypto';

/** What these handlers want to know of their task; @ostler/worker has the whole type. */
interface Task {
  readonly signal: AbortSignal;
  log(level: string, message: string, fields?: object): void;
}

/** Gets what the caller sent, bytes or a JSON value, and replies with what it returns, or resolves to. */
export default function echo<T>(input: T): T {
  return input;
}

export function sha512(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

export async function sum({ a, b }: { a: number; b: number }, { log }: Task): Promise<{ sum: number }> {
  log('info', 'adding', { a, b });
  return { sum: a + b };
}
