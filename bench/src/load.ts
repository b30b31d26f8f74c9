import { createHash } from 'node:crypto';
import type { Operation, Runner } from './runners/runner.js';

/** Tasks of one kind, and how many of them are under way at once. */
export interface Load {
  readonly body: Uint8Array;
  readonly expected: Uint8Array;
  readonly inFlight: number;
}

/** A load of bodies of `size` bytes whose replies are known. */
export function loadOf(operation: Operation, { size, inFlight }: { size: number; inFlight: number }): Load {
  const body = new Uint8Array(size).map((_, index) => index * 31 + 7);
  return { body, expected: expectedReply(operation, body), inFlight };
}

export function expectedReply(operation: Operation, body: Uint8Array): Uint8Array {
  return operation === 'echo' ? body : createHash('sha512').update(body).digest();
}

/** Keeps the runner busy for a while and returns tasks per second: from the first submission to the last checked reply. */
export async function tasksPerSecond(runner: Runner, load: Load, milliseconds: number): Promise<number> {
  let over = false;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (!over) {
      check(runner, await runner.run(load.body), load.expected);
      done++;
    }
  };
  const start = performance.now();
  const timer = setTimeout(() => {
    over = true;
  }, milliseconds);
  try {
    await Promise.all(Array.from({ length: load.inFlight }, lane));
  } finally {
    clearTimeout(timer);
  }
  return (done * 1000) / (performance.now() - start);
}

/** Runs one task after the other for a while and returns how long each took, in microseconds. */
export async function microsecondsPerTask(runner: Runner, load: Load, milliseconds: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  for (let start = performance.now(); start < end; start = performance.now()) {
    const reply = await runner.run(load.body);
    times.push((performance.now() - start) * 1000);
    check(runner, reply, load.expected);
  }
  return times;
}

/** Throws where the reply is not what it should be: a fast wrong answer is no measurement. */
export function check(runner: Runner, reply: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(reply, expected) === 0) return;
  throw new Error(`${runner.name} gave a wrong reply of ${reply.byteLength} bytes, expected ${expected.byteLength}`);
}
