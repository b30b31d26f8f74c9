import { basename } from 'node:path';
import { InvalidOptionError, ProcessPool, WorkerStartError } from '@ostler/pool';
import { EXIT } from '../exit-codes.js';
import { UsageError } from '../usage-error.js';
import { dryRun } from './dry-run.js';
import { openInput, readItems } from './inputs.js';
import { type MapFlags, type MapPlan, planMap } from './map-flags.js';
import type { MapItem } from './map-item.js';
import { MapRun } from './map-run.js';
import { Records } from './records.js';
import { printWorkerLog } from './worker-log.js';

/** Runs a task for each input. The exit code says how it went (EXIT); data go to stdout, everything else to stderr. */
export async function map(operands: readonly string[], flags: MapFlags): Promise<number> {
  const plan = planMap(operands, flags);
  const items = await itemsOf(plan);
  if (plan.dryRun) return dryRun(plan, items);
  const records = await Records.open(plan);
  try {
    return await new MapRun(plan, openPool(plan), records).perform(items);
  } catch (error) {
    if (!(error instanceof WorkerStartError)) throw error;
    process.stderr.write(`ostler: ${whyNoWorker(plan, error)}\n`);
    return EXIT.workerStart;
  } finally {
    await records.close();
  }
}

async function itemsOf({ words, input, nul }: MapPlan): Promise<AsyncGenerator<MapItem>> {
  return readItems(words === undefined ? { bytes: await openInput(input), nul } : { words });
}

function openPool(plan: MapPlan): ProcessPool {
  try {
    const pool = new ProcessPool({ ...plan.pool, output: 'event' });
    printWorkerLog(pool, {
      name: basename(plan.pool.worker === undefined ? plan.command[0] : `${plan.pool.worker}`),
      holds: plan.pool.protocol === 'frames',
    });
    return pool;
  } catch (error) {
    if (error instanceof InvalidOptionError) throw new UsageError(error.message);
    throw error;
  }
}

function whyNoWorker({ pool, command }: MapPlan, error: WorkerStartError): string {
  const isPlain = /looks like a plain program|said no HELLO/.test(error.message);
  if (pool.protocol !== 'frames' || !isPlain) return error.message;
  return `'${command.join(' ')}' looks like a plain program: --protocol exec or lines?\n${error.message}`;
}
