import { setTimeout as sleep } from 'node:timers/promises';
import { fillInTemplate, type ProcessPool } from '@ostler/pool';
import { EXIT } from '../exit-codes.js';
import { inOrder } from './in-order.js';
import { countItems } from './inputs.js';
import { Interrupts } from './interrupts.js';
import type { MapPlan } from './map-flags.js';
import type { MapItem, MapOutcome } from './map-item.js';
import { FailureList, linesOf, MapOutput } from './map-output.js';
import { Progress } from './progress.js';
import type { Records } from './records.js';
import { type ItemOptions, runItem } from './run-item.js';

/** Items under way, those included whose turn to be printed has not come. Few where their bodies are files. */
const LINES_IN_FLIGHT = 1024;
const FILES_IN_FLIGHT = 16;
/** A worker that has not said anything for so long may be a program that never will. */
const HINT_AFTER = 10_000;

/** One run over all items, from the first input to the exit code. */
export class MapRun {
  readonly #plan: MapPlan;
  readonly #pool: ProcessPool;
  readonly #records: Records;
  readonly #failures = new FailureList();
  readonly #progress: Progress;
  readonly #intake = new AbortController();
  readonly #output: MapOutput;
  readonly #each: ItemOptions;
  #fatal: unknown;

  constructor(plan: MapPlan, pool: ProcessPool, records: Records) {
    this.#plan = plan;
    this.#pool = pool;
    this.#records = records;
    const isExec = plan.pool.protocol === 'exec';
    const measured = isExec || plan.results !== undefined || plan.jobLog !== undefined;
    this.#each = { files: plan.files, text: isExec && namesInput(plan.command), measured, numbered: isExec };
    this.#progress = new Progress(() => plan.words?.length ?? countItems(plan));
    this.#output = new MapOutput(() => this.#stop());
  }

  /** Resolves with the exit code; rejects with what made going on useless. */
  async perform(items: AsyncIterator<MapItem>): Promise<number> {
    const interrupts = new Interrupts(
      () => {
        process.stderr.write('ostler: no more input; what is under way is finished (again: it is killed)\n');
        this.#intake.abort();
      },
      () => this.#stop(),
    );
    const hint = this.#hintAtPlainProgram();
    const { ordered, files } = this.#plan;
    const width = files ? FILES_IN_FLIGHT : LINES_IN_FLIGHT;
    try {
      for await (const outcome of inOrder(this.#taken(items), { width, ordered }, (item) => this.#run(item))) {
        if (outcome !== 'stopped') await this.#finish(outcome);
      }
    } finally {
      clearTimeout(hint);
      await (this.#intake.signal.aborted ? this.#pool.destroy() : this.#pool.close());
      this.#progress.end();
      interrupts.end();
    }
    if (this.#fatal !== undefined) throw this.#fatal;
    process.stderr.write(this.#failures.toString());
    return interrupts.exitCode ?? (this.#failures.count > 0 ? EXIT.failed : EXIT.done);
  }

  /** The items until the intake ends, with the delay between them. */
  async *#taken(items: AsyncIterator<MapItem>): AsyncGenerator<MapItem> {
    const { signal } = this.#intake;
    const ended = new Promise<'ended'>((resolve) =>
      signal.addEventListener('abort', () => resolve('ended'), { once: true }),
    );
    for (let first = true; !signal.aborted; first = false) {
      const next = await Promise.race([items.next(), ended]);
      if (next === 'ended' || next.done) break;
      if (!first && this.#plan.delay > 0) await sleep(this.#plan.delay, undefined, { signal }).catch(() => {});
      if (!signal.aborted) yield next.value;
    }
    process.stdin.destroy(); // a terminal, or a program that never ends, would keep us
  }

  async #run(item: MapItem): Promise<MapOutcome | 'stopped'> {
    try {
      const earlier = this.#records.earlier(item);
      if (earlier !== undefined) return earlier;
      const outcome = await runItem(this.#pool, item, this.#each);
      if (outcome !== 'stopped') await this.#records.add(outcome);
      return outcome;
    } catch (error) {
      this.#fatal ??= error;
      this.#stop();
      return 'stopped';
    }
  }

  async #finish(outcome: MapOutcome): Promise<void> {
    this.#progress.count(outcome.status);
    if (outcome.status === 'failed') {
      this.#failures.add(outcome);
      this.#considerHalt();
    }
    await this.#output.write(linesOf(outcome, this.#plan.output));
  }

  #considerHalt(): void {
    const { when, failures } = this.#plan.halting;
    if (when === 'never' || this.#failures.count < failures) return;
    if (when === 'soon') this.#intake.abort();
    else this.#stop();
  }

  /** No more items, and what runs is killed. */
  #stop(): void {
    this.#intake.abort();
    void this.#pool.destroy();
  }

  #hintAtPlainProgram(): NodeJS.Timeout | undefined {
    const { command, pool } = this.#plan;
    if (pool.protocol !== 'frames' || pool.worker !== undefined) return undefined;
    const hint = setTimeout(() => {
      const text = `ostler: '${command.join(' ')}' has not said that it is a worker yet; for a plain program there are --protocol exec and lines\n`;
      process.stderr.write(text);
    }, HINT_AFTER);
    this.#pool.once('worker-ready', () => clearTimeout(hint));
    return hint.unref();
  }
}

/** Whether the arguments have a placeholder for the input. */
function namesInput(command: MapPlan['command']): boolean {
  const [one, other] = ['/a/a.a', '/b/b.b'].map((input) => fillInTemplate(command, { input, sequence: 1, slot: 0 }));
  return one?.join('\0') !== other?.join('\0');
}
