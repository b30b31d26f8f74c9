import { once } from 'node:events';
import type { PoolStats } from '@ostler/pool';
import { readAhead } from '../files.js';
import { HASH_WORKER, type Stage } from '../stage.js';
import { formatBytes, plural } from '../terminal/format.js';
import { workerCells } from '../worker-cells.js';

const IDLE_TIMEOUT = 1_000;

/** How large a pool was; `memory` in bytes, or undefined where the system does not say. */
export interface PoolSize {
  workers: number;
  memory: number | undefined;
}

/** A pool grows under a burst of work and shrinks when there is none. */
export async function rest(stage: Stage): Promise<{ before: PoolSize; after: PoolSize }> {
  const { screen } = stage;
  const maxWorkers = Math.max(4, stage.workers);
  stage.title('Act 5', 'rest');
  stage.code(`new ProcessPool({ worker, maxWorkers: ${maxWorkers}, idleTimeout: 1_000 })`);
  const pool = stage.open({ worker: HASH_WORKER, maxWorkers, idleTimeout: IDLE_TIMEOUT, keepAlive: true });
  const unwatch = screen.watch(() => [`  ${workerCells(pool.stats().workerList, screen.style)}`]);
  for await (const _digest of pool.map(readAhead(stage.files), { handler: 'sha512', ordered: false, inFlight: 64 })) {
    if (pool.stats().workers.total === maxWorkers && pool.stats().workers.starting === 0) break;
  }
  const before = sizeOf(pool.stats());
  while (pool.stats().workers.total > 1) await once(pool, 'worker-exit');
  const after = sizeOf(pool.stats());
  unwatch();
  await pool.close();
  screen.say(`After the burst: ${describe(before)}. A second of rest later: ${describe(after)}.`);
  return { before, after };
}

function sizeOf({ workers, workerList }: PoolStats): PoolSize {
  const sizes = workerList.map((worker) => worker.rss);
  const known = sizes.every((rss) => rss !== null);
  return { workers: workers.total, memory: known ? sizes.reduce((sum, rss) => sum + (rss ?? 0), 0) : undefined };
}

/** `4 workers, 212 MB`. */
export function describe({ workers, memory }: PoolSize): string {
  return plural(workers, 'worker') + (memory === undefined ? '' : `, ${formatBytes(memory)}`);
}
