import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import type { ProcessListener } from '../../src/os/operating-system.js';
import { WorkerPipes } from '../../src/os/worker-pipes.js';

/** Our end of a pipe, as Node's sockets are: it is read from the start, and closes once it has ended. */
class OurEnd extends Duplex {
  constructor() {
    super({ allowHalfOpen: false, read: () => {}, write: (_bytes, _encoding, done) => done() });
    this.read(0);
  }

  /** The other side sends this, if anything, and closes. */
  finish(text?: string): void {
    if (text !== undefined) this.push(text);
    this.push(null);
    this.read(0);
  }
}

function fivePipes() {
  const stdin = new OurEnd();
  const stdout = new OurEnd();
  const stderr = new OurEnd();
  const channelIn = new OurEnd();
  const channelOut = new OurEnd();
  const workerPipes = new WorkerPipes([stdin, stdout, stderr, channelIn, channelOut]);
  return { stdin, stdout, stderr, channelIn, channelOut, workerPipes };
}

/** Writes down what it is told. */
class Notes implements ProcessListener {
  readonly heard: string[] = [];
  onStarted(): void {}
  onSpawnError(): void {}
  onExit(): void {}
  onData = (stream: string, bytes: Uint8Array): void => void this.heard.push(`${stream}: ${Buffer.from(bytes)}`);
  onEnd = (stream: string): void => void this.heard.push(`${stream} ended`);
}

test('tell of each end once', async () => {
  const { stdin, stdout, stderr, channelIn, channelOut, workerPipes } = fivePipes();
  const notes = new Notes();
  workerPipes.listen(notes);
  for (const pipe of [stdout, stderr, channelOut]) pipe.finish();
  await Promise.all([stdout, stderr, channelOut].map((pipe) => once(pipe, 'close')));
  expect(notes.heard.sort()).toEqual(['channel-out ended', 'stderr ended', 'stdout ended']);
  expect([stdin.destroyed, channelIn.destroyed]).toEqual([false, false]);
});

test('tell also of what ended, or broke, before anybody listened', async () => {
  const { stdout, stderr, channelOut, workerPipes } = fivePipes();
  stderr.destroy(new Error('reset'));
  channelOut.finish();
  await once(channelOut, 'close');
  expect(stderr.closed).toBe(true);
  const notes = new Notes();
  workerPipes.listen(notes);
  expect(notes.heard.sort()).toEqual(['channel-out ended', 'stderr ended']);
  stdout.finish('the last word');
  await once(stdout, 'close');
  expect(notes.heard.slice(2)).toEqual(['stdout: the last word', 'stdout ended']);
});

test('keep what came before anybody listened', async () => {
  const { channelOut, workerPipes } = fivePipes();
  channelOut.finish('all that it had to say');
  await new Promise(setImmediate);
  const notes = new Notes();
  workerPipes.listen(notes);
  await once(channelOut, 'close');
  expect(notes.heard).toEqual(['channel-out: all that it had to say', 'channel-out ended']);
});

test('tell nothing of an end from before the release', async () => {
  const { channelOut, workerPipes } = fivePipes();
  channelOut.finish();
  await once(channelOut, 'close');
  workerPipes.release();
  const notes = new Notes();
  workerPipes.listen(notes);
  expect(notes.heard).toEqual([]);
});
