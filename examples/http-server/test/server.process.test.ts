import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const SERVER = fileURLToPath(new URL('../server.js', import.meta.url));
let server: ChildProcess | undefined;

afterEach(() => {
  if (server?.exitCode === null) server.kill('SIGKILL');
});

/** Starts the server on a free port, which is the last word of its first line. */
async function start(): Promise<{ process: ChildProcess; port: number }> {
  server = spawn(process.execPath, [SERVER], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value: line } = await createInterface({ input: server.stdout as NodeJS.ReadableStream })
    [Symbol.asyncIterator]()
    .next();
  return { process: server, port: Number(String(line).split(' ').at(-1)) };
}

/** Where Linux can tell; elsewhere the list is empty. */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
}

test.skipIf(process.platform === 'win32')(
  'a SIGTERM lets the request under way finish; then the workers leave, and the server with them (needs POSIX)',
  async () => {
    const { process: child, port } = await start();
    const workers = childrenOf(child.pid as number);
    const answered = new Promise<string>((resolve, reject) => {
      const asked = request({ port, method: 'POST' }, (response) => void text(response).then(resolve, reject));
      asked.on('error', reject);
      asked.write('first half, ');
      asked.on('socket', (socket) => socket.on('connect', () => finishAfterTerm(asked)));
    });
    function finishAfterTerm(asked: ReturnType<typeof request>): void {
      // The server has the connection once it answers another one that came later.
      request({ port, method: 'POST', agent: false }, (response) => {
        response.resume().on('end', () => {
          child.kill('SIGTERM');
          asked.end('second half');
        });
      }).end('another');
    }
    expect(await answered).toBe(createHash('sha512').update('first half, second half').digest('hex'));
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(workers.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  },
);
