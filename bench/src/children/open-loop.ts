// A client that sends at fixed times, whether or not the replies come: `open-loop.js PORT RATE MILLISECONDS`. A reply's latency
// counts from the time at which its request was due, so that a server that stands still is seen by all that wait meanwhile.
import { Agent, get } from 'node:http';
import { capabilities, setPriority } from '@ostler/native';

const TOO_LATE = 1_000;
const [port, rate, duration] = process.argv.slice(2).map(Number) as [number, number, number];

// It stands for clients on other machines, which the load on this one does not slow down.
if (capabilities().priority.high.available) setPriority(process.pid, 'high');

const agent = new Agent({ keepAlive: true });
const latencies: number[] = [];
let errors = 0;
const start = performance.now() + 20;
const count = Math.round((rate * duration) / 1000);
await Promise.all(Array.from({ length: count }, (_, i) => request(start + (i * 1000) / rate)));
agent.destroy();
process.stdout.write(JSON.stringify({ latencies, errors }));

async function request(due: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  const isRight = await new Promise<boolean>((resolve) => {
    const call = get({ port, host: '127.0.0.1', agent, timeout: TOO_LATE }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    call.once('error', () => resolve(false));
    call.once('timeout', () => call.destroy(new Error('too late')));
  });
  latencies.push(performance.now() - due);
  if (!isRight) errors++;
}
