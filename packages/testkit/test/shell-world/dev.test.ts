import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { describe, expect, test } from 'vitest';
import { SimulatedOs, type WorkerScript, workerProgram } from '../../src/index.js';
import { poolOn } from '../../src/shell-world/index.js';

const SEEDS = Array.from({ length: 30 }, (_, index) => index + 1);
const FOLDER = process.cwd();
const FILE = `${FOLDER}/w.js`;

const fails: WorkerScript = {
  *init() {
    yield;
    throw new Error('not finished');
  },
};
const neverReady: WorkerScript = {
  *init(voice) {
    for (;;) yield* voice.sleep();
  },
};
const neverAnswers: WorkerScript = {
  *handle(_, voice) {
    for (;;) yield* voice.sleep();
  },
};

/** A world whose processes run these scripts, in the order of their starts, and after those ordinary ones. */
function world(seed: number, scripts: readonly (WorkerScript | undefined)[], options: Partial<PoolOptions> = {}) {
  const os = new SimulatedOs({ seed, program: (index) => workerProgram(scripts[index]) });
  const all = { command: ['node', 'w.js'] as const, cpus: 2, maxWorkers: 1, output: 'event' as const, ...options };
  const pool = poolOn(ProcessPool, os, { dev: { watch: true }, ...all });
  pool.on('log', () => {});
  const warnings: string[] = [];
  pool.on('warning', ({ message }) => warnings.push(message));
  return { os, pool, warnings };
}

async function settled<T>(os: SimulatedOs, promise: Promise<T>): Promise<void> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  expect(await os.runAsync(() => isOver)).toBe(true);
}

describe.each(SEEDS)('when files change (seed %i)', (seed) => {
  test('several changes in a row make one replacement', async () => {
    const { os, pool } = world(seed, []);
    await settled(os, pool.ready());
    for (let changes = 0; changes < 5; changes++) {
      os.change(FILE);
      os.advance(90);
    }
    os.change('/elsewhere/w.js');
    expect(await os.runAsync(() => pool.stats().retired.replaced === 1)).toBe(true);
    await settled(os, pool.close());
    expect(os.processes).toHaveLength(3); // the old one, the trial, the new one
    expect(pool.stats()).toMatchObject({ started: 2, retired: { replaced: 1, closing: 1 } });
  });

  test('a trial is given up when they change again, and another one made', async () => {
    const { os, pool, warnings } = world(seed, [undefined, neverReady, fails]);
    await settled(os, pool.ready());
    os.change(FILE);
    await os.runAsync(() => os.processes.length === 2);
    os.change(FILE);
    await os.runAsync(() => warnings.length === 1);
    expect(warnings[0]).toMatch(/nothing is replaced, as the changed files make no worker: .*not finished/);
    os.change(FILE);
    expect(await os.runAsync(() => pool.stats().retired.replaced === 1)).toBe(true);
    await settled(os, pool.close());
    expect(warnings).toHaveLength(1);
    expect(os.processes).toHaveLength(5);
  });

  test('a trial that is never ready is ended by startTimeout', async () => {
    const { os, pool, warnings } = world(seed, [undefined, neverReady], { startTimeout: 700 });
    await settled(os, pool.ready());
    os.change(FILE);
    await os.runAsync(() => warnings.length === 1);
    expect(warnings[0]).toContain('was not ready within startTimeout and was killed');
    await settled(os, pool.close());
  });

  test('a pool that ends meanwhile leaves neither process nor timer', async () => {
    const { os, pool, warnings } = world(seed, [undefined, neverReady]);
    await settled(os, pool.ready());
    os.change(FILE);
    const steps = os.random.between(0, 60);
    for (let step = 0; step < steps; step++) os.step();
    await settled(os, seed % 2 === 0 ? pool.close() : pool.destroy());
    os.change(FILE);
    expect(await os.runAsync()).toBe(false);
    expect({ live: os.live, timers: os.timers, warnings }).toEqual({ live: 0, timers: 0, warnings: [] });
  });

  test('while a debugger may look at the worker, nothing is timed', async () => {
    const times = { taskTimeout: 1, queueTimeout: 1, startTimeout: 1, killGrace: 1, maxWorkerLifetime: 1 };
    const { os, pool } = world(seed, [neverAnswers], { ...times, dev: { inspect: true } });
    await settled(os, pool.ready());
    expect(os.timers).toBe(0);
    const ends: unknown[] = [];
    const abort = new AbortController();
    void pool.run('a', { timeout: 1, signal: abort.signal }).catch((error) => ends.push(error.code));
    void pool.run('b', { queueTimeout: 1 }).catch((error) => ends.push(error.code));
    void pool.runMany(['c'], { timeout: 1 }).then(([outcome]) => ends.push(outcome?.status));
    await os.runAsync(() => pool.stats().tasks.running > 0);
    os.advance(1e9);
    await os.runAsync();
    expect(ends).toEqual([]);
    abort.abort();
    await os.runAsync(() => pool.stats().tasks.aborted === 1);
    os.advance(1e9);
    expect(os.live).toBe(1);
    await settled(os, pool.destroy());
  });
});
