import { WorkerCrashedError } from '@ostler/pool';
import type { CampaignReport } from './campaign-report.js';
import type { TaskRecords } from './task-records.js';

/** A task, by the place of its record and its own number. */
export interface CountedTask {
  readonly slot: number;
  readonly serial: number;
}

type Counts = Omit<CampaignReport, 'setup' | 'seed' | 'ms' | 'pending' | 'left'>;

/** Accounts for every task and every kill of a campaign. */
export class CampaignAccount {
  readonly #records: TaskRecords;
  /** How many tasks each killed process took with it, by its number, which the system may give again. */
  readonly #suspectsOf = new Map<number, number>();
  readonly #unexpected: string[] = [];
  #kills = 0;
  #finished = 0;
  #tasks = 0;
  #suspects = 0;
  #givenUp = 0;
  #without = 0;
  #several = 0;
  #lostResults = 0;
  #ranTwice = 0;
  #wrongDigests = 0;

  constructor(records: TaskRecords) {
    this.#records = records;
  }

  get kills(): number {
    return this.#kills;
  }

  killed(pid: number): void {
    this.#kills++;
    this.#suspectsOf.set(pid, 0);
  }

  /** The number belongs to another process now. */
  started(pid: number): void {
    const suspects = this.#suspectsOf.get(pid);
    if (suspects === undefined) return;
    if (suspects === 0) this.#without++;
    if (suspects > 1) this.#several++;
    this.#suspectsOf.delete(pid);
  }

  done({ slot, serial }: CountedTask, digestIsRight: boolean): void {
    this.#tasks++;
    if (digestIsRight) this.#finished++;
    else this.#wrongDigests++;
    const { count } = this.#records.read(slot, serial);
    if (count > 1) this.#ranTwice++;
    if (count === 0) this.unexpected(`task ${serial} was done, but did not begin`);
  }

  rejected({ slot, serial }: CountedTask, error: unknown): void {
    this.#tasks++;
    const suspects = error instanceof WorkerCrashedError ? this.#suspectsOf.get(error.exit.pid) : undefined;
    if (!(error instanceof WorkerCrashedError) || suspects === undefined) {
      this.unexpected(String(error));
      return;
    }
    const { count, workerId, order } = this.#records.read(slot, serial);
    if (!error.started) {
      this.#givenUp++;
      if (count > 0) this.unexpected(`task ${serial} was given up as not begun, but had begun`);
      return;
    }
    this.#suspects++;
    this.#suspectsOf.set(error.exit.pid, suspects + 1);
    if (count > 1) this.#ranTwice++;
    if (count > 0 && order < this.#records.lastOrderOf(workerId)) this.#lostResults++;
  }

  unexpected(what: string): void {
    this.#unexpected.push(what);
  }

  /** Everything counted; no task is on its way any more. */
  close(): Counts {
    for (const pid of [...this.#suspectsOf.keys()]) this.started(pid);
    return {
      kills: this.#kills,
      tasks: this.#tasks,
      finished: this.#finished,
      suspects: this.#suspects,
      givenUp: this.#givenUp,
      killsWithoutSuspect: this.#without,
      killsWithSeveralSuspects: this.#several,
      lostResults: this.#lostResults,
      ranTwice: this.#ranTwice,
      wrongDigests: this.#wrongDigests,
      unexpected: this.#unexpected,
    };
  }
}
