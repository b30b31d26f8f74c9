import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killIfThere } from '../faults/kill-if-there.js';
import { processesWith } from '../faults/leftovers.js';
import { ServerWatch } from './server-watch.js';

/** Debian keeps the 64-bit loader out of the PATH; its `wine` is a script that would rather have the 32-bit one. */
const LOADERS = ['/usr/lib/wine/wine64', '/usr/bin/wine64', '/usr/local/bin/wine64'];
const COMPILER = 'x86_64-w64-mingw32-gcc';
const TOOLS = [
  [COMPILER, 'g++-mingw-w64-x86-64'],
  ['cmake', 'cmake'],
] as const;
const SETUP_MS = 120_000;
const SHIM = fileURLToPath(new URL('../../windows/bcryptprimitives.c', import.meta.url));

/** What a program left behind; `exitCode` is null where it was ended because its time was over, or Wine's own server had ended. */
export interface Ran {
  readonly exitCode: number | null;
  readonly serverIsGone: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface WineOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** What must be installed on this machine before Wine can be used; undefined where nothing is missing. */
export function whatWineNeeds(): string | undefined {
  const missing: string[] = [];
  if (LOADERS.every((file) => !existsSync(file))) missing.push('wine64');
  for (const [tool, name] of TOOLS) {
    if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).status !== 0) missing.push(name);
  }
  if (missing.length === 0) return undefined;
  return `${missing.join(' and ')} (apt-get install -y --no-install-recommends wine64 wine cmake g++-mingw-w64-x86-64)`;
}

/** A Windows of its own in a folder, in which programs run one at a time. */
export class Wine {
  readonly #folder: string;
  readonly #loader = LOADERS.find((file) => existsSync(file)) as string;
  #runs = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(folder: string): Promise<Wine> {
    const wine = new Wine(folder);
    await mkdir(folder, { recursive: true });
    const options = { cwd: folder, timeoutMs: SETUP_MS };
    await wine.#must(['wineboot', '-i'], options);
    await wine.#must(['winecfg', '-v', 'win10'], options); // without this, Wine 8 is a Windows that Node refuses
    await wine.#addShim();
    return wine;
  }

  /** Runs a Windows program to its end, its output kept in files: a pipe from Linux is no descriptor to a Windows Node. */
  async run(command: readonly string[], { cwd, env, timeoutMs }: WineOptions): Promise<Ran> {
    const name = join(this.#folder, `run-${++this.#runs}`);
    const [out, err] = [await open(`${name}.out`, 'w'), await open(`${name}.err`, 'w')];
    const child = spawn(this.#loader, [...command], {
      cwd,
      env: { ...this.#env, ...env },
      stdio: ['ignore', out.fd, err.fd],
    });
    const server = new ServerWatch(this.#marker, () => this.#killAll());
    const timer = setTimeout(() => this.#end('-k'), timeoutMs);
    try {
      const exitCode = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', resolve);
      });
      return {
        exitCode,
        serverIsGone: server.isGone,
        stdout: await readFile(`${name}.out`, 'utf8'),
        stderr: await readFile(`${name}.err`, 'utf8'),
      };
    } finally {
      clearTimeout(timer);
      server.close();
      await Promise.all([out.close(), err.close()]);
    }
  }

  /** Ends all of its processes, and waits until they have gone. */
  close(): void {
    this.#end('-k');
    this.#killAll();
    this.#end('-w');
  }

  /** What all of its processes have in their environment. */
  get #marker(): string {
    return `WINEPREFIX=${this.#prefix}\0`;
  }

  /** For those that no server ends. */
  #killAll(): void {
    for (const pid of processesWith(this.#marker)) killIfThere(pid, 'SIGKILL');
  }

  get #prefix(): string {
    return join(this.#folder, 'prefix');
  }

  /** What a program of the test reads from our own environment might be of no use there. */
  get #env(): NodeJS.ProcessEnv {
    const { PATH, HOME, LANG } = process.env;
    return { PATH, HOME, LANG, WINEPREFIX: this.#prefix, WINEDEBUG: '-all', DISPLAY: '' };
  }

  /** Once more where it fails: a server that is just about to leave takes no new program. */
  async #must(command: readonly string[], options: WineOptions): Promise<void> {
    const first = await this.run(command, options);
    const { exitCode, stderr } = first.exitCode === 0 ? first : await this.run(command, options);
    if (exitCode !== 0) throw new Error(`wine ${command.join(' ')} ended with exit code ${exitCode}: ${stderr}`);
  }

  /** Wine 8 lacks a library that vitest's bundler loads; a later Wine has its own. */
  async #addShim(): Promise<void> {
    const library = join(this.#prefix, 'drive_c/windows/system32/bcryptprimitives.dll');
    if (existsSync(library)) return;
    const built = join(this.#folder, 'bcryptprimitives.dll');
    const { status, stderr } = spawnSync(COMPILER, ['-shared', '-O2', '-s', '-o', built, SHIM, '-ladvapi32']);
    if (status !== 0) throw new Error(`${COMPILER} could not compile ${SHIM}: ${stderr}`);
    await copyFile(built, library);
  }

  #end(flag: '-k' | '-w'): void {
    const server = join(dirname(this.#loader), 'wineserver');
    spawnSync(server, [flag], {
      env: this.#env,
      stdio: 'ignore',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
  }
}
