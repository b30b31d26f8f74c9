import { suspend } from '@ostler/native';
import { type PoolEvents, type PoolOptions, ProcessPool } from '@ostler/pool';
import { nodeOs } from '@ostler/pool/os';
import { afterEach, expect } from 'vitest';

/** The worker that most tests use; its handlers are named by what they do. */
export const WORKER = new URL('fixtures/worker.mjs', import.meta.url);

/** Wine tells our own CPU time of every process. */
export const tellsCpuTime = process.env.OSTLER_WINE === undefined;
/** Whether the system tells what a process uses, as /proc does, or Windows where the addon is. */
export const tellsUse = nodeOs().inspect(process.pid) !== null;

const pools: ProcessPool[] = [];
const pids = new Set<number>();

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
  const left = [...pids].filter(isAlive);
  pids.clear();
  expect(left, 'processes that outlived their pool').toEqual([]);
});

/** A pool that the end of the test destroys; then none of its processes may be left. */
export function open(options: Partial<PoolOptions> = {}): ProcessPool {
  const program = options.command === undefined ? { worker: WORKER } : {};
  const pool = new ProcessPool({ ...program, maxWorkers: 1, output: 'event', ...options } as PoolOptions);
  pool.on('worker-start', ({ pid }) => pids.add(pid));
  pools.push(pool);
  return pool;
}

/** False for a process that is gone, also for one that nobody has reaped yet. */
export function isAlive(pid: number): boolean {
  if (!nodeOs().tellsOfProcesses) return answers(pid);
  return ![undefined, 'Z', 'X'].includes(nodeOs().inspect(pid)?.state);
}

/** Where the system does not tell of a process, it says whether there is one. */
function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Stops a process that does not hear of it; on Windows, that takes the addon. */
export function stop(pid: number): void {
  if (process.platform === 'win32') suspend(pid);
  else process.kill(pid, 'SIGSTOP');
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** What an event said, the next time that it comes. */
export function next<Name extends keyof PoolEvents>(pool: ProcessPool, name: Name): Promise<PoolEvents[Name][0]> {
  return new Promise((resolve) => pool.once(name, resolve as never));
}

/** Resolves when the condition holds; it is looked at now, and after each such event. */
export async function until(pool: ProcessPool, name: keyof PoolEvents, condition: () => boolean): Promise<void> {
  while (!condition()) await next(pool, name);
}

/** What an event says, from now on. */
export function record<Name extends keyof PoolEvents>(pool: ProcessPool, name: Name): PoolEvents[Name][0][] {
  const heard: PoolEvents[Name][0][] = [];
  pool.on(name, ((detail: PoolEvents[Name][0]) => heard.push(detail)) as never);
  return heard;
}

/** The error of a promise that must reject. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`expected an error, got ${String(outcome.value)}`);
  return outcome.error;
}
