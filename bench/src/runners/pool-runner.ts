import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { PYTHON_WORKER, type Python } from '../python.js';
import type { Runner } from './runner.js';

const NODE_WORKER = fileURLToPath(new URL('../children/pool-worker.js', import.meta.url));

/** What the pool starts: a Node module, or the Python worker. */
export function nodeWorker(): PoolOptions {
  return { worker: NODE_WORKER };
}

export function pythonWorker({ executable }: Python): PoolOptions {
  return { command: [executable, PYTHON_WORKER] };
}

/** The same handlers, each task in a fresh process: a fork of the worker. */
export function pythonForks({ executable }: Python): PoolOptions {
  return { command: [executable, '-m', 'ostler_worker', '--fork', 'main:sha512'], cwd: dirname(PYTHON_WORKER) };
}

/** How many workers, and which of their handlers is called. */
export interface PoolPlan {
  readonly workers: number;
  readonly handler: string;
}

/** A warm pool with its defaults, but for the number of workers. */
export async function startPool(name: string, options: PoolOptions, plan: PoolPlan): Promise<Runner> {
  const { workers, handler } = plan;
  const pool = new ProcessPool({ ...options, minWorkers: workers, maxWorkers: workers });
  await pool.ready();
  const runOptions = { handler };
  return { name, run: (body) => pool.run(body, runOptions), close: () => pool.close() };
}
