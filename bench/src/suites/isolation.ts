import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type PoolOptions, ProcessPool, type Resources } from '@ostler/pool';
import { interleave } from '../interleave.js';
import type { Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { median, percentile } from '../statistics.js';
import type { Suite } from './suite.js';

/** Requests per second: together they are a fifth of one CPU. */
const RATE = 200;
const CPUS = availableParallelism();
const LAST_CPU = [CPUS - 1];
/** More than the CPUs can run at once, as where nobody has thought about the machine. */
const WORKERS = CPUS * 4;
/** Of one worker: together they may use half of the machine. */
const RATE_EACH = CPUS / 2 / WORKERS;
/** Windows are longer than elsewhere: of some hundred requests, p95 is decided by ten. */
const WINDOWS = 4;

const WORKER = new URL('../children/burn-worker.js', import.meta.url);
const ALL: Resources = { priority: 'idle', cpus: LAST_CPU, cpuRate: RATE_EACH };

/** By name: what the pool beside the server is held to; null for no pool. */
const CONTENDERS: readonly [string, Resources | 'switched' | null][] = [
  ['alone', null],
  ['unrestrained', {}],
  ['priority below-normal', { priority: 'below-normal' }],
  ['priority idle', { priority: 'idle' }],
  ['cpus, the last one', { cpus: LAST_CPU }],
  ['cpuRate, half of the machine', { cpuRate: RATE_EACH }],
  ['idle, cpus and cpuRate', ALL],
  ['switched to that while it ran', 'switched'],
];

/** What the clients of a foreground service notice of a pool beside it. */
export const isolation: Suite = {
  about: ({ rounds, window }) =>
    [
      `A web server (1 ms of CPU per request) under ${RATE} requests per second, sent at fixed times by a client of high priority; latency in ms from`,
      `the time at which each was due. Beside it a pool of ${WORKERS} workers on ${CPUS} CPUs, as busy as it may be (20 ms of CPU per task, ${WORKERS * 2} in flight).`,
      `${rounds} interleaved rounds of ${window * WINDOWS} ms each; the pool runs before and after. Errors: no 200 within 1 s. Reference: the server alone; the pool unrestrained.`,
    ].join('\n'),
  async run(plan) {
    const server = spawn(process.execPath, [childOf('foreground-server')], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = await once(server.stdout as NonNullable<ChildProcess['stdout']>, 'data');
      const port = Number(String(line));
      const results = await interleave(CONTENDERS, plan.rounds, ([, held]) => measure(port, held, plan));
      return rowsOf(results);
    } finally {
      server.kill();
    }
  },
};

interface Measured {
  readonly p95: number;
  readonly errors: number;
  readonly requests: number;
  /** Per second. */
  readonly tasks: number;
}

async function measure(port: number, held: Resources | 'switched' | null, { window }: Plan): Promise<Measured> {
  const duration = window * WINDOWS;
  if (held === null) return { ...(await load(port, duration)), tasks: 0 };
  const options: PoolOptions = { worker: WORKER, minWorkers: WORKERS, maxWorkers: WORKERS, output: 'inherit' };
  const pool = new ProcessPool(
    held === 'switched' ? { ...options, profiles: { held: { resources: ALL } } } : { ...options, resources: held },
  );
  const busy = new AbortController();
  const working = work(pool, busy.signal);
  try {
    await pool.ready();
    if (held === 'switched') await pool.applyProfile('held');
    const before = pool.stats().tasks.succeeded;
    const start = performance.now();
    const seen = await load(port, duration);
    const tasks = ((pool.stats().tasks.succeeded - before) * 1000) / (performance.now() - start);
    return { ...seen, tasks };
  } finally {
    busy.abort();
    await working;
    await pool.destroy();
  }
}

/** Keeps the pool busy until it is told to stop, and checks every reply. */
async function work(pool: ProcessPool, signal: AbortSignal): Promise<void> {
  let expected: string | undefined;
  const lanes = Array.from({ length: WORKERS * 2 }, async () => {
    while (!signal.aborted) {
      const digest = String(Buffer.from(await pool.run('', { handler: 'burn' })));
      expected ??= digest;
      if (digest !== expected || digest.length !== 128) throw new Error(`a wrong reply: ${digest}`);
    }
  });
  await Promise.all(lanes);
}

async function load(port: number, duration: number): Promise<Omit<Measured, 'tasks'>> {
  const args = [childOf('open-loop'), `${port}`, `${RATE}`, `${duration}`];
  const client = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = JSON.parse(await text(client.stdout as NonNullable<ChildProcess['stdout']>));
  const { latencies, errors } = said as { latencies: number[]; errors: number };
  return { p95: percentile(latencies, 0.95), errors, requests: latencies.length };
}

function rowsOf(results: readonly Measured[][]): Row[] {
  const [alone = [], unrestrained = []] = results;
  const p95 = (rounds: readonly Measured[]) => median(rounds.map((round) => round.p95));
  const tasks = (rounds: readonly Measured[]) => median(rounds.map((round) => round.tasks));
  const latency = results.map((rounds, i) => {
    const name = CONTENDERS[i]?.[0];
    const measureName = `p95 of the server, ${name}, ${errorsIn(rounds)} % errors`;
    return row({
      measure: measureName,
      ours: p95(rounds),
      reference: p95(alone),
      unit: 'ms',
      against: 'alone',
      better: 'less',
    });
  });
  const throughput = results.slice(1).map((rounds, i) => {
    const facts = { ours: tasks(rounds), reference: tasks(unrestrained), unit: 'tasks/s', better: 'more' } as const;
    return row({ measure: `the pool beside it, ${CONTENDERS[i + 1]?.[0]}`, against: 'unrestrained', ...facts });
  });
  return [...latency, ...throughput];
}

function errorsIn(rounds: readonly Measured[]): string {
  const sum = (of: (round: Measured) => number) => rounds.reduce((total, round) => total + of(round), 0);
  return ((sum((round) => round.errors) * 100) / sum((round) => round.requests)).toFixed(1);
}

function childOf(name: string): string {
  return fileURLToPath(new URL(`../children/${name}.js`, import.meta.url));
}
