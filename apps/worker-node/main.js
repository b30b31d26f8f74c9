// A worker of Ostler. Copy this folder, put your own handlers in, and give a pool the command `node main.js`.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@ostler/worker';

/** Gets what the caller sent, and replies with what it returns: bytes for bytes, a JSON value for a JSON value. */
const echo = (body) => body;

const sha512 = (body) => createHash('sha512').update(body).digest();

/** An async handler; the signal is aborted when the caller gives up. */
async function pause(seconds, { signal, attempt, log }) {
  await sleep(Number(seconds) * 1000, undefined, { signal });
  log('info', 'paused', { seconds: Number(seconds) });
  return { paused: Number(seconds), attempt };
}

/** A generator streams: each item goes out at once, as fast as the caller takes them. */
function* lines(body) {
  for (const line of body.toString().split('\n')) yield `${line}\n`;
}

serve({ default: echo, echo, sha512, pause, lines });
