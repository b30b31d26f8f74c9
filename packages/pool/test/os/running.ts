import { type LedgerFile, nodeOs, type OsProcess, type OutputStream, type SpawnError } from '@ostler/pool/os';

interface Extras {
  readonly cwd?: string;
  readonly channel?: boolean;
  readonly ledger?: LedgerFile | null;
}

/** Something to wait for. */
class Event<T = void> {
  resolve: (value: T) => void = () => {};
  readonly promise = new Promise<T>((resolve) => {
    this.resolve = resolve;
  });
}

/** A real process under test, and what it did so far; each promise is kept when it has done so. */
export class Running {
  readonly process: OsProcess;
  readonly output: Record<OutputStream, Uint8Array[]> = { stdout: [], stderr: [], 'channel-out': [] };
  readonly spawnError = new Event<SpawnError>();
  readonly exit = new Event<[number | null, string | null]>();
  readonly ends = {
    stdout: new Event(),
    stderr: new Event(),
    'channel-out': new Event(),
  };
  #heard = new Event();

  constructor(command: readonly [string, ...string[]], { cwd, channel = true, ledger = null }: Extras = {}) {
    const env = { PATH: process.env.PATH ?? '' };
    this.process = nodeOs().spawn(
      { command, cwd, env, channel, ledger },
      {
        onStarted: () => {},
        onSpawnError: (error) => this.spawnError.resolve(error),
        onData: (stream, bytes) => {
          this.output[stream].push(bytes);
          this.#heard.resolve();
          this.#heard = new Event();
        },
        onEnd: (stream) => this.ends[stream].resolve(),
        onExit: (...exit) => this.exit.resolve(exit),
      },
    );
  }

  get pid(): number {
    return this.process.pid as number;
  }

  text(stream: OutputStream): string {
    return Buffer.concat(this.output[stream]).toString();
  }

  /** The first line that it prints. */
  async line(): Promise<string> {
    while (!this.text('stdout').includes('\n')) await this.#heard.promise;
    return this.text('stdout').split('\n')[0] as string;
  }
}
