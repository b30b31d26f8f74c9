import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessPool } from '@ostler/pool';
import { BegunFile } from './begun-file.js';
import type { Cell } from './cell.js';
import { expectedEnd, type Fault } from './fault-table.js';
import { killIfThere } from './kill-if-there.js';
import { processesWith } from './leftovers.js';
import { within } from './patience.js';
import { ReplaceableProgram } from './replaceable-program.js';
import { sendAheadForSure } from './send-ahead-for-sure.js';
import type { Setup } from './setup.js';
import { submit, submitGood, type TrialTask } from './trial-task.js';

/** Good tasks on each side of the bad one. */
const AROUND = 4;
/** A cancelled task gets so long, and again so long after SIGTERM. */
const KILL_GRACE = 100;

/** Lets one bad task loose among eight good ones in a pool of one worker, and counts what it has done. */
export async function runCell(fault: Fault, setup: Setup): Promise<Cell> {
  const trial = new Trial(fault, setup);
  try {
    return await trial.run();
  } finally {
    await trial.clear();
  }
}

class Trial {
  readonly #fault: Fault;
  readonly #setup: Setup;
  readonly #folder = mkdtempSync(join(tmpdir(), 'ostler-fault-'));
  readonly #marker = randomUUID();
  readonly #begun = new BegunFile(join(this.#folder, 'begun'));
  readonly #program: ReplaceableProgram;
  readonly #pool: ProcessPool;
  readonly #holders: number[] = [];
  readonly #notes: string[] = [];
  #warnings = 0;

  constructor(fault: Fault, setup: Setup) {
    this.#fault = fault;
    this.#setup = setup;
    this.#program = new ReplaceableProgram(this.#folder, setup);
    this.#program.install(fault.program?.fixture ?? 'faulty');
    sendAheadForSure();
    this.#pool = new ProcessPool({
      name: fault.name,
      command: this.#program.command,
      env: { FAULTY_BEGUN: this.#begun.path, OSTLER_FAULTS: this.#marker },
      output: 'event',
      minWorkers: 1,
      maxWorkers: 1,
      sendAhead: setup.depth === 'ahead',
      killGrace: KILL_GRACE,
    });
    this.#pool.on('warning', () => this.#warnings++);
    this.#pool.on('log', ({ line }) => this.#noteHolder(line));
    if (fault.program?.until === 'ready') this.#pool.once('worker-ready', () => this.#program.install('faulty'));
  }

  async run(): Promise<Cell> {
    const start = performance.now();
    if (this.#setup.depth === 'ahead') await this.#warmUp();
    const { bad, good, victim } = this.#submit();
    const all = [...good, bad, ...(victim ?? [])];
    const { running } = this.#pool.stats().tasks;
    if (this.#setup.depth === 'ahead' && running < all.length) this.#notes.push(`only ${running} tasks sent ahead`);
    await this.#settle(all);
    const expected = expectedEnd(this.#fault, this.#setup);
    if (this.#fault.program !== undefined) this.#program.install('faulty');
    const next = await this.#nextWorks();
    await this.#close();
    const warnings = this.#fault.warnings?.(this.#setup) ?? 1;
    if (victim !== undefined && this.#warnings !== warnings) {
      this.#notes.push(`${this.#warnings} warnings, expected ${warnings}`);
    }
    const goodEnd = this.#fault.program?.until === 'repaired' ? expected : 'ok';
    return {
      fault: this.#fault.name,
      setup: this.#setup,
      expected,
      bad: bad.end ?? 'pending',
      hurt: [...good, ...(victim ?? [])].filter(({ end }) => end !== undefined && end !== goodEnd).length,
      lost: all.filter(({ end }) => end === undefined).length,
      rerun: this.#rerun(all, victim),
      next,
      left: processesWith(this.#marker).filter((pid) => !this.#holders.includes(pid)).length,
      notes: this.#notes,
      ms: Math.round(performance.now() - start),
    };
  }

  async clear(): Promise<void> {
    await this.#pool.destroy();
    for (const pid of processesWith(this.#marker)) killIfThere(pid, 'SIGKILL');
    rmSync(this.#folder, { recursive: true });
  }

  /** Two replies, one after the other, tell the pool how short tasks are; until then none is sent ahead. */
  async #warmUp(): Promise<void> {
    await this.#pool.run('');
    await this.#pool.run('');
  }

  #submit(): { bad: TrialTask; good: TrialTask[]; victim?: TrialTask[] } {
    const pool = this.#pool;
    const { handler = 'default', body = '', timeout, victim, program } = this.#fault;
    // A program that never reads is noticed by what cannot be written to it, which must not wait behind a task that can.
    const before = program === undefined ? AROUND : 0;
    const good = Array.from({ length: before }, (_, index) => submitGood(pool, `before-${index}`));
    const bytes = typeof body === 'number' ? new Uint8Array(body) : body;
    const bad = submit(pool, { name: 'bad', body: bytes, handler, ...(timeout !== undefined && { timeout }) });
    const retries = { attempts: 1 };
    const victims =
      victim === undefined ? undefined : [submit(pool, { name: 'victim', body: '', handler: victim, retries })];
    for (let index = before; index < 2 * AROUND; index++) good.push(submitGood(pool, `behind-${index}`));
    return { bad, good, ...(victims && { victim: victims }) };
  }

  async #settle(tasks: readonly TrialTask[]): Promise<void> {
    await within(Promise.all(tasks.map((task) => task.settled)));
  }

  async #nextWorks(): Promise<boolean> {
    const next = submitGood(this.#pool, 'next');
    await this.#settle([next]);
    return next.end === 'ok';
  }

  async #close(): Promise<void> {
    if (!(await within(this.#pool.close()))) this.#notes.push('close() does not end');
  }

  /** A victim that was granted a retry may begin twice. What was done must have begun, or nothing is proved. */
  #rerun(tasks: readonly TrialTask[], asked: readonly TrialTask[] = []): number {
    const counts = this.#begun.counts();
    let rerun = 0;
    for (const task of tasks) {
      const begun = counts.get(task.name) ?? 0;
      if (begun === 0 && task.end === 'ok') this.#notes.push(`${task.name} did not say that it began`);
      rerun += Math.max(0, begun - (asked.includes(task) ? 2 : 1));
    }
    return rerun;
  }

  /** A grandchild that was told to outlive its worker says who it is. */
  #noteHolder(line: string): void {
    const pid = /^holder (\d+)$/.exec(line)?.[1];
    if (pid !== undefined) this.#holders.push(Number(pid));
  }
}
