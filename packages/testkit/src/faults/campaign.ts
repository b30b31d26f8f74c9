import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { ProcessPool } from '@ostler/pool';
import { Random } from '../simulation/random.js';
import { CampaignAccount } from './campaign-account.js';
import type { CampaignReport } from './campaign-report.js';
import { killIfThere } from './kill-if-there.js';
import { processesWith } from './leftovers.js';
import { within } from './patience.js';
import { sendAheadForSure } from './send-ahead-for-sure.js';
import { commandOf, type Setup } from './setup.js';
import { TaskRecords } from './task-records.js';

export interface CampaignOptions {
  /** How many workers are killed. */
  kills: number;
  setup: Omit<Setup, 'depth'>;
  seed: number;
}

const WORKERS = 4;
/** Tasks on their way at any time. */
const LANES = 256;
const BODY_SIZE = 64;
/** Between two kills there are at most so many replies, milliseconds and turns of the event loop. */
const PAUSE = { replies: 300, ms: 4, turns: 10 } as const;

/** Kills workers at random with SIGKILL while tasks are sent ahead to them, and accounts for every task. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const folder = mkdtempSync(join(tmpdir(), 'ostler-campaign-'));
  const campaign = new Campaign(options, join(folder, 'records'));
  try {
    return await campaign.run();
  } finally {
    await campaign.clear();
    rmSync(folder, { recursive: true });
  }
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #random: Random;
  readonly #marker = randomUUID();
  readonly #records: TaskRecords;
  readonly #account: CampaignAccount;
  readonly #pool: ProcessPool;
  /** Pids of warm workers that we have not killed, by their ids. */
  readonly #targets = new Map<number, number>();
  #awaitedReplies = 0;
  #heardEnough: () => void = () => {};
  #pending = 0;
  #serial = 0;
  #over = false;

  constructor(options: CampaignOptions, file: string) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#records = new TaskRecords(file, { slots: LANES, workers: 2 * options.kills + 1_000 });
    this.#account = new CampaignAccount(this.#records);
    sendAheadForSure();
    this.#pool = new ProcessPool({
      name: 'campaign',
      command: commandOf(options.setup, 'counted'),
      env: { COUNTED_FILE: file, OSTLER_FAULTS: this.#marker },
      output: 'event',
      minWorkers: WORKERS,
      maxWorkers: WORKERS,
    });
    this.#pool.on('worker-start', ({ pid }) => this.#account.started(pid));
    this.#pool.on('worker-ready', ({ workerId, pid }) => this.#targets.set(workerId, pid));
    this.#pool.on('worker-exit', ({ workerId, exit }) => {
      if (this.#targets.delete(workerId) && !this.#over) this.#account.unexpected(`pid ${exit.pid} died by itself`);
    });
  }

  async run(): Promise<CampaignReport> {
    const start = performance.now();
    const lanes = Array.from({ length: LANES }, (_, slot) => this.#runLane(slot));
    await this.#killAll();
    this.#over = true;
    await within(Promise.all(lanes));
    if (!(await within(this.#pool.close()))) this.#account.unexpected('close() does not end');
    const { setup, seed } = this.#options;
    const ms = performance.now() - start;
    const left = processesWith(this.#marker).length;
    return { setup, seed, ms, ...this.#account.close(), pending: this.#pending, left };
  }

  async clear(): Promise<void> {
    await this.#pool.destroy();
    for (const pid of processesWith(this.#marker)) killIfThere(pid, 'SIGKILL');
    this.#records.close();
  }

  /** One task after the other, until enough workers were killed. */
  async #runLane(slot: number): Promise<void> {
    while (!this.#over) {
      const task = { slot, serial: ++this.#serial };
      const body = this.#bodyOf(task);
      this.#pending++;
      try {
        const reply = await this.#pool.run(body);
        this.#account.done(task, createHash('sha512').update(body).digest().equals(reply));
        if (--this.#awaitedReplies === 0) this.#heardEnough();
      } catch (error) {
        this.#account.rejected(task, error);
      }
      this.#pending--;
    }
  }

  /** Where the worker notes that it has begun, how long it sleeps, and something to digest. */
  #bodyOf({ slot, serial }: { slot: number; serial: number }): Uint8Array {
    const body = Buffer.alloc(BODY_SIZE, String(serial));
    const fields = [this.#records.offsetOf(slot), this.#records.workersAt, serial, this.#sleepMicros()];
    for (const [index, field] of fields.entries()) body.writeUInt32LE(field, index * 4);
    return body;
  }

  /** Most tasks are as short as can be; some are caught in the middle. */
  #sleepMicros(): number {
    if (this.#random.chance(0.9)) return 0;
    return this.#random.chance(0.9) ? this.#random.between(1, 200) : this.#random.between(200, 3_000);
  }

  async #killAll(): Promise<void> {
    while (this.#account.kills < this.#options.kills) {
      await this.#pause();
      while (this.#targets.size === 0) await once(this.#pool, 'worker-ready');
      const [workerId, pid] = this.#random.pick([...this.#targets]);
      this.#targets.delete(workerId);
      this.#account.killed(pid);
      process.kill(pid, 'SIGKILL');
    }
  }

  /** However fast the machine is, some work is done between two kills. */
  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#awaitedReplies = this.#random.between(1, PAUSE.replies);
      this.#heardEnough = resolve;
    });
    if (this.#random.chance(0.3)) await setTimeout(this.#random.between(0, PAUSE.ms));
    else for (let turns = this.#random.between(0, PAUSE.turns); turns > 0; turns--) await setImmediate();
  }
}
