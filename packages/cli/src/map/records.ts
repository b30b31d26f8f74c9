import { UsageError } from '../usage-error.js';
import { commandOf } from './dry-run.js';
import { EarlierResults } from './earlier-results.js';
import { JobLog } from './job-log.js';
import type { MapPlan } from './map-flags.js';
import type { MapItem, MapOutcome } from './map-item.js';
import { ResultsFile, toRow } from './results-file.js';

/** What is written down of each item, and what an earlier run wrote down. */
export class Records {
  readonly #plan: MapPlan;
  readonly #earlier: EarlierResults | undefined;
  readonly #results: ResultsFile | undefined;
  readonly #jobLog: JobLog | undefined;

  private constructor(
    plan: MapPlan,
    parts: { earlier: EarlierResults | undefined; results: ResultsFile | undefined; jobLog: JobLog | undefined },
  ) {
    this.#plan = plan;
    this.#earlier = parts.earlier;
    this.#results = parts.results;
    this.#jobLog = parts.jobLog;
  }

  static async open(plan: MapPlan): Promise<Records> {
    const { results: path, jobLog, resume } = plan;
    const earlier = path === undefined ? undefined : await EarlierResults.read(path);
    if (earlier !== undefined && earlier.size > 0 && resume === 'no') {
      throw new UsageError(`--results: ${path} holds an earlier run; go on from it with --resume, or remove it`);
    }
    try {
      const results = path === undefined ? undefined : await ResultsFile.open(path, earlier?.size ?? 0);
      return new Records(plan, {
        earlier,
        results,
        jobLog: jobLog === undefined ? undefined : await JobLog.create(jobLog),
      });
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }

  /** What an earlier run made of the item, where it is not to be run again. */
  earlier(item: MapItem): MapOutcome | undefined {
    return this.#earlier?.of(item, this.#plan.resume === 'only-failed' ? 'failed' : 'none');
  }

  /** Resolves when the outcome is on disk. */
  async add(outcome: MapOutcome): Promise<void> {
    await this.#results?.add(toRow(outcome));
    await this.#jobLog?.add(outcome, commandOf(this.#plan, outcome.item));
  }

  async close(): Promise<void> {
    await this.#results?.close();
    await this.#jobLog?.close();
  }
}
