import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, FRAMEWORK_HOST, hasMono, isBuilt, MODERN_HOST, open } from './support.js';

const VISITS = built('VisitsTask/release/VisitsTask.dll');
const hasRedis = isBuilt && spawnSync('redis-server', ['--version']).status === 0;
const HOSTS = [['.NET', MODERN_HOST], ...(hasMono ? ([['.NET Framework', FRAMEWORK_HOST]] as const) : [])] as const;

let folder = '';
let redis = '';
let server: ChildProcess;

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe.skipIf(!hasRedis)('a task with a Redis client (needs the .NET SDK 10 and redis-server)', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ostler-redis-'));
    const port = await freePort();
    redis = `127.0.0.1:${port}`;
    const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
    server = spawn('redis-server', where, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
      if (line.includes('Ready to accept connections')) return;
    }
    throw new Error('redis-server has ended');
  });

  afterAll(async () => {
    server.kill('SIGKILL');
    await once(server, 'exit');
    await rm(folder, { recursive: true });
  });

  it.each(HOSTS)('keeps its connections warm between tasks, under %s', { timeout: 240_000 }, async (name, host) => {
    const command = [...host, '--assembly', VISITS, '--type', 'VisitsTask'] as [string, ...string[]];
    const pool = open(command, { minWorkers: 2, maxWorkers: 2, startTimeout: 120_000, initData: { redis } });
    await pool.ready();
    const visits = await Promise.all(Array.from({ length: 200 }, () => pool.call('Visit', name)));
    expect([...visits].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 1),
    );
    const connections = await Promise.all(Array.from({ length: 200 }, () => pool.call('Connection', null)));
    expect(new Set(connections).size).toBeGreaterThan(0);
    expect(new Set(connections).size).toBeLessThanOrEqual(2); // one for each worker, for 400 tasks
    expect(pool.stats()).toMatchObject({ started: 2, crashes: 0 });
  });

  it('tells why it cannot start where there is no server', async () => {
    const command = [...MODERN_HOST, '--assembly', VISITS, '--type', 'VisitsTask'] as [string, ...string[]];
    const pool = open(command, { initData: { redis: '127.0.0.1:1,connectTimeout=200' } });
    await expect(pool.ready()).rejects.toMatchObject({
      code: 'ERR_WORKER_START',
      message: expect.stringMatching(/RedisConnectionException/),
    });
  });
});
