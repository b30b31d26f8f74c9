import { ProcessPool } from '@ostler/pool';
import { expectedReply } from '../load.js';
import { nodeWorker } from '../runners/pool-runner.js';

const TASKS = 100_000;
const SIZE = 1024;
const OPERATION = 'sha512';

/** Bodies that all differ: each in memory of its own, or eight to a piece of Node's Buffer pool. */
function makeBody(index: number): Uint8Array {
  const body = process.argv[3] === 'buffers' ? Buffer.allocUnsafe(SIZE).fill(0) : new Uint8Array(SIZE);
  new DataView(body.buffer, body.byteOffset).setUint32(0, index);
  return body;
}

function report(): void {
  process.stdout.write(String(process.memoryUsage.rss()));
}

async function holdInPool(): Promise<void> {
  const pool = new ProcessPool({ ...nodeWorker(), minWorkers: 1, maxWorkers: 1 });
  await pool.ready();
  pool.pause();
  const options = { handler: OPERATION };
  const replies: Promise<Uint8Array>[] = [];
  for (let index = 0; index < TASKS; index++) replies.push(pool.run(makeBody(index), options));
  report();
  pool.resume();
  for (const [index, reply] of (await Promise.all(replies)).entries()) {
    if (Buffer.compare(reply, expectedReply(OPERATION, makeBody(index))) !== 0) throw new Error(`task ${index}: wrong`);
  }
  await pool.close();
}

async function holdInArray(): Promise<void> {
  const waiting: { body: Uint8Array; resolve: (reply: Uint8Array) => void }[] = [];
  const replies: Promise<Uint8Array>[] = [];
  for (let index = 0; index < TASKS; index++) {
    replies.push(new Promise((resolve) => waiting.push({ body: makeBody(index), resolve })));
  }
  report();
  for (const { body, resolve } of waiting) resolve(expectedReply(OPERATION, body));
  await Promise.all(replies);
}

await (process.argv[2] === 'pool' ? holdInPool() : holdInArray());
