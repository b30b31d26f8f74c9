import { constants } from 'node:os';
import { requireWindows } from './load.js';
import { errorNumber, OsControlError, windowsError } from './os-control-error.js';

/** What a guard has said of the start of its process: nothing yet, that it runs, or why it does not. */
export interface GuardReports {
  onStarted(pid: number): void;
  onFailed(error: OsControlError): void;
}

/** Takes the lines of a guard apart as they come. */
export class ReportReader {
  readonly #reports: GuardReports;
  #said = '';
  #started = false;
  #failed = false;

  constructor(reports: GuardReports) {
    this.#reports = reports;
  }

  get started(): boolean {
    return this.#started;
  }

  take(bytes: Uint8Array): void {
    const lines = (this.#said + Buffer.from(bytes).toString('latin1')).split('\n');
    this.#said = lines.pop() as string;
    for (const line of lines) this.#onLine(line);
  }

  fail(error: OsControlError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#reports.onFailed(error);
  }

  /** The guard has ended without a word. */
  failWith(ending: string): void {
    const about = `the guard ended with ${ending}`;
    this.fail(new OsControlError({ syscall: 'spawnGuarded', errno: constants.errno.EIO, about }));
  }

  #onLine(line: string): void {
    const [word = '', ...rest] = Buffer.from(line, 'latin1').toString('utf8').split(' ');
    if (word === 'started') {
      this.#started = true;
      this.#reports.onStarted(Number(rest[0]));
    } else if (word === 'failed') {
      const [syscall = 'unknown', error = '', ...detail] = rest;
      this.fail(guardFailure(syscall, error, detail.join(' ') || undefined));
    }
  }
}

/** What a guard could not do: it names errors of Linux, and numbers those of Windows. */
export function guardFailure(syscall: string, error: string, about: string | undefined): OsControlError {
  if (process.platform !== 'win32') return new OsControlError({ syscall, errno: errorNumber(error), about });
  const winerr = Number(error);
  return windowsError({ syscall, winerr, text: requireWindows('spawnGuarded').binding.errorText(winerr), about });
}
