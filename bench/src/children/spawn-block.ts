// How long a start of a process holds up the event loop of a program with so many megabytes of live heap:
// `node --max-old-space-size=4096 spawn-block.js MEGABYTES REPEATS`. Prints the milliseconds of each start, ours and Node's in turns.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { spawnGuarded } from '@ostler/native';

const BYTES_PER_OBJECT = 112;
const [megabytes, repeats] = process.argv.slice(2).map(Number) as [number, number];
const live = Array.from({ length: (megabytes * 1e6) / BYTES_PER_OBJECT }, (_, i) => ({ i, held: [i] }));
const env = process.env as Record<string, string>;
const descriptors = ['socket', 'socket', 'socket', 'socket', 'socket'] as const;

function guarded(): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const started = spawnGuarded(
      { command: ['true'], env, descriptors },
      {
        onStarted: () => {},
        onFailed: reject,
        onExit: () => {
          for (const socket of started.sockets) socket?.destroy();
          resolve(took);
        },
      },
    );
    const took = performance.now() - start;
    for (const socket of started.sockets) socket?.on('error', () => {}).resume();
  });
}

async function plain(): Promise<number> {
  const start = performance.now();
  const child = spawn('true', [], { stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'], detached: true });
  const took = performance.now() - start;
  for (const stream of child.stdio) stream?.on('error', () => {});
  await once(child, 'exit');
  for (const stream of child.stdio) stream?.destroy();
  return took;
}

const alive = setInterval(() => {}, 60_000);
const ours: number[] = [];
const reference: number[] = [];
await guarded();
await plain();
for (let i = 0; i < repeats; i++) {
  ours.push(await guarded());
  reference.push(await plain());
}
clearInterval(alive);
process.stdout.write(JSON.stringify({ ours, reference, objects: live.length }));
