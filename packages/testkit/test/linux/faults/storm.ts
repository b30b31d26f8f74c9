import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type PoolOptions, ProcessPool, type RunOptions } from '@ostler/pool';
import { Random } from '@ostler/testkit';
import { BegunFile } from '../../../dist/faults/begun-file.js';
import { processesWith } from '../../../dist/faults/leftovers.js';
import { within } from '../../../dist/faults/patience.js';
import { sendAheadForSure } from '../../../dist/faults/send-ahead-for-sure.js';
import { commandOf, type Setup } from '../../../dist/faults/setup.js';
import { killIfThere } from '../../../src/faults/kill-if-there.js';

/** How many things happen in one storm. */
const EVENTS = 120;

/** Handlers of the fixture `faulty`, and how likely each is beside good tasks. Those that never end get a time-out. */
const FAULTS = {
  throw: 3,
  'exit-1': 3,
  'kill-self': 3,
  hang: 1,
  wait: 3,
  'ignore-sigterm': 1,
  'half-frame': 1,
  'close-channel': 1,
  garbage: 3,
  'late-throw': 1,
  'no-such-handler': 2,
} as const;
const ENDLESS: readonly string[] = ['hang', 'wait', 'ignore-sigterm'];
const GOOD = 'sha512';
const GOOD_WEIGHT = 40;
const HANDLERS = [
  ...Array.from({ length: GOOD_WEIGHT }, () => GOOD),
  ...Object.entries(FAULTS).flatMap(([handler, weight]) => Array.from({ length: weight }, () => handler)),
];

/** Everything at once: all that tasks, callers and operators can do to a pool, at random; gives what went wrong. */
export async function storm(seed: number, setup: Setup): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ostler-storm-'));
  try {
    return await new Storm(seed, setup, folder).run();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Storm {
  readonly #random: Random;
  readonly #marker = randomUUID();
  readonly #begun: BegunFile;
  readonly #options: PoolOptions;
  readonly #pool: ProcessPool;
  readonly #pids = new Set<number>();
  readonly #settled: Promise<void>[] = [];
  /** How often each task may begin. */
  readonly #allowed = new Map<string, number>();
  readonly #problems: string[] = [];
  #mostWorkers: number;

  constructor(seed: number, setup: Setup, folder: string) {
    this.#random = new Random(seed);
    this.#begun = new BegunFile(join(folder, 'begun'));
    if (setup.depth === 'ahead') sendAheadForSure();
    this.#options = this.#randomOptions(setup);
    this.#mostWorkers = this.#options.maxWorkers as number;
    this.#pool = new ProcessPool(this.#options);
    this.#pool.on('worker-ready', ({ pid }) => this.#pids.add(pid));
    this.#pool.on('worker-exit', ({ exit }) => this.#pids.delete(exit.pid));
    this.#pool.on('worker-start', () => this.#look());
  }

  async run(): Promise<string[]> {
    for (let event = 0; event < EVENTS; event++) await this.#next();
    const closes = this.#random.chance(0.3);
    if (closes) await this.#mustEnd('close()', this.#pool.close({ timeout: this.#random.between(1, 500) }));
    await this.#mustEnd('every promise', Promise.all(this.#settled));
    this.#look();
    if (!closes) {
      this.#submit(GOOD, {});
      await this.#mustEnd('the next task', Promise.all(this.#settled));
      await this.#mustEnd('close()', this.#pool.close());
    }
    this.#account();
    await this.#pool.destroy();
    return this.#problems;
  }

  #randomOptions(setup: Setup): PoolOptions {
    const random = this.#random;
    return {
      command: commandOf(setup, 'faulty'),
      env: { FAULTY_BEGUN: this.#begun.path, OSTLER_FAULTS: this.#marker },
      output: 'event',
      sendAhead: setup.depth === 'ahead',
      minWorkers: random.between(0, 2),
      maxWorkers: random.between(2, 4),
      killGrace: random.pick([20, 100]),
      maxQueueSize: random.pick([20, 100_000]),
      idleTimeout: random.pick([50, 10_000]),
      maxTasksPerWorker: random.pick([Infinity, Infinity, 30]),
      maxWorkerLifetime: random.pick([Infinity, Infinity, 1_000]),
      retries: random.pick([{ attempts: 0 }, { attempts: 2, on: ['crash', 'timeout', 'failure'], backoff: 10 }]),
    };
  }

  async #next(): Promise<void> {
    const random = this.#random;
    const dice = random.fraction();
    if (dice < 0.6) this.#submitRandom();
    else if (dice < 0.7) for (let rest = random.between(5, 40); rest > 0; rest--) this.#submitRandom();
    else if (dice < 0.74) this.#runMany();
    else if (dice < 0.78) this.#keep(this.#mapAndLeave());
    else if (dice < 0.82) this.#kill();
    else if (dice < 0.85) this.#resize();
    else if (dice < 0.87) this.#keep(this.#pool.replaceAll());
    else if (dice < 0.89) await this.#pause();
    else await setTimeout(random.between(0, 30));
  }

  #submitRandom(): void {
    const random = this.#random;
    const handler = random.pick(HANDLERS);
    const timeout = ENDLESS.includes(handler) || random.chance(0.1) ? { timeout: random.between(10, 250) } : {};
    const controller = new AbortController();
    if (random.chance(0.15)) setTimeout(random.between(0, 200)).then(() => controller.abort());
    this.#submit(handler, {
      ...timeout,
      ...(random.chance(0.5) && { signal: controller.signal }),
      ...(random.chance(0.2) && { key: random.pick(['a', 'b']) }),
      ...(random.chance(0.2) && { priority: random.between(-1, 1) }),
      ...(random.chance(0.1) && { queueTimeout: random.between(1, 300) }),
      ...(random.chance(0.2) && { retries: { attempts: random.between(0, 2) } }),
    });
  }

  #submit(handler: string, options: RunOptions): void {
    const name = `task-${this.#allowed.size}`;
    this.#allowed.set(name, 1 + (options.retries ?? this.#options.retries ?? { attempts: 0 }).attempts);
    const reply = this.#pool.run(name, { ...options, handler, idempotencyKey: name });
    this.#keep(handler === GOOD ? reply.then((bytes) => this.#check(name, bytes)) : reply);
  }

  #runMany(): void {
    const bodies = Array.from({ length: this.#random.between(0, 20) }, (_, index) => `item ${index}`);
    const done = this.#pool.runMany(bodies, { handler: this.#random.pick([GOOD, GOOD, 'throw']) });
    const check = done.then((outcomes) => {
      if (outcomes.length !== bodies.length) this.#problems.push(`${outcomes.length} of ${bodies.length} outcomes`);
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') this.#check(bodies[index] as string, outcome.value);
      }
    });
    this.#keep(check);
  }

  async #mapAndLeave(): Promise<void> {
    const bodies = Array.from({ length: 10 }, (_, index) => `item ${index}`);
    let taken = 0;
    for await (const reply of this.#pool.map(bodies, { handler: GOOD, inFlight: 3 })) {
      this.#check(bodies[taken++] as string, reply);
      if (this.#random.chance(0.1)) return;
    }
  }

  #kill(): void {
    if (this.#pids.size > 0) killIfThere(this.#random.pick([...this.#pids]), this.#random.pick(['SIGKILL', 'SIGTERM']));
  }

  #resize(): void {
    const maxWorkers = this.#random.between(1, 4);
    this.#mostWorkers = Math.max(this.#mostWorkers, maxWorkers);
    this.#pool.resize({ minWorkers: this.#random.between(0, maxWorkers), maxWorkers });
  }

  async #pause(): Promise<void> {
    this.#pool.pause();
    await setTimeout(this.#random.between(0, 20));
    this.#pool.resume();
  }

  /** It must settle, and an error must be one of the contract's. */
  #keep(promise: Promise<unknown>): void {
    const settled = promise.then(
      () => {},
      (error: { code?: string }) => {
        if (!/^ERR_(TASK|WORKER|QUEUE|POOL|POISON)/.test(error.code ?? '')) this.#problems.push(String(error));
      },
    );
    this.#settled.push(settled);
  }

  #check(body: string, reply: Uint8Array): void {
    if (!createHash('sha512').update(body).digest().equals(reply)) this.#problems.push(`a wrong digest of '${body}'`);
  }

  /** Every task is somewhere, and no more workers live than ever were allowed. */
  #look(): void {
    const { tasks, queue, workers } = this.#pool.stats();
    const { submitted, retried: _, ...places } = tasks;
    const sum = Object.values(places).reduce((total, count) => total + count, queue.size);
    if (sum !== submitted) this.#problems.push(`${sum} of ${submitted} tasks are accounted for`);
    if (workers.total > this.#mostWorkers)
      this.#problems.push(`${workers.total} workers, ${this.#mostWorkers} allowed`);
  }

  #account(): void {
    const { workers, queue, tasks } = this.#pool.stats();
    const rest = workers.total + queue.size + queue.bytes + tasks.running;
    if (rest !== 0) this.#problems.push(`left in a closed pool: ${JSON.stringify({ workers, queue, tasks })}`);
    const left = processesWith(this.#marker).length;
    if (left > 0) this.#problems.push(`${left} processes left`);
    const counts = this.#begun.counts();
    for (const [name, allowed] of this.#allowed) {
      if ((counts.get(name) ?? 0) > allowed)
        this.#problems.push(`${name} began ${counts.get(name)} times, not ${allowed}`);
    }
  }

  async #mustEnd(what: string, promise: Promise<unknown>): Promise<void> {
    if (!(await within(promise))) this.#problems.push(`${what} does not come to an end`);
  }
}
