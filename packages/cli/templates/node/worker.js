// Every export is a handler, called by its name; the default export is the one that is called without a name.
import { createHash } from 'node:crypto';

/** Gets what the caller sent, bytes or a JSON value, and its task; replies with what it returns, or resolves to. */
export default function echo(input, _task) {
  return input;
}

export function sha512(bytes) {
  return createHash('sha512').update(bytes).digest('hex');
}

export async function sum({ a, b }, { log }) {
  log('info', 'adding', { a, b });
  return { sum: a + b };
}
