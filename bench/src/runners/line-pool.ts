import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROJECT = fileURLToPath(new URL('../../original/line-pool.csproj', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../../dist/original/', import.meta.url));
const PROGRAM = `${OUTPUT}bin/line-pool/release/line-pool`;

/** Keeps the .NET SDK from leaving servers behind, from talking, and from asking the network about certificates. */
const QUIET = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  DOTNET_NOLOGO: '1',
  MSBUILDDISABLENODEREUSE: '1',
  NUGET_CERT_REVOCATION_MODE: 'offline',
};

/** Builds the C# pool of the first design, which LinePool runs. */
export async function buildLinePool(): Promise<void> {
  const args = ['build', PROJECT, '-c', 'Release', `-p:ArtifactsPath=${OUTPUT}`];
  try {
    await promisify(execFile)('dotnet', args, { env: { ...process.env, ...QUIET } });
  } catch (error) {
    const { stdout = '', message } = error as { stdout?: string; message: string };
    throw new Error(`the C# pool of the suite 'original' could not be built: ${stdout || message}`, { cause: error });
  }
}

/** A C# process that has a pool of the first design and measures it by itself. */
export class LinePool {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor({ workers, queueSize }: { workers: number; queueSize: number }) {
    this.name = `blocking lines, queue of ${queueSize}`;
    this.#child = spawn(PROGRAM, ['pool', String(workers), String(queueSize)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.on('error', () => {}); // its stdout ends, too
    this.#lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  /** From the first submission to the last checked digest. */
  async tasksPerSecond(size: number, milliseconds: number): Promise<number> {
    this.#child.stdin?.write(`${size} ${milliseconds}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${PROGRAM} has ended before it said how fast it was`);
    return Number(value);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await exit;
  }
}
