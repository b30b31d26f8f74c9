import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { load } from '@ostler/native';
import { afterEach } from 'vitest';

/** The variable by which tests find what they started. */
export const MARK = 'OSTLER_TEST_MARK';
const CONTROL = 6;
const LONG_MS = 5_000;

export interface GuardedOptions extends Pick<SpawnOptions, 'uid' | 'env' | 'cwd'> {
  /** Options of the guard, without --control. */
  readonly guard?: readonly string[];
  readonly command: readonly string[];
  /** How the guard notices the end of the pool: by a socket (default), or by the death of its parent. */
  readonly noticesBy?: 'control' | 'parent';
  readonly ipc?: boolean;
  /** The program, with its arguments, that is to run the guard. */
  readonly under?: readonly string[];
}

/** How a process ended: its exit code or the name of its signal. */
export type Ending = number | NodeJS.Signals | null;

/** A guard with its worker. Everything that they start carries the mark in its environment. */
export interface Guarded {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly control: Socket;
  readonly ending: Promise<Ending>;
  /** The next line of the guard; undefined at its end. */
  report(): Promise<string | undefined>;
  /** The next line of the worker's standard output; undefined at its end. */
  output(): Promise<string | undefined>;
  order(line: string): void;
}

/** Gives a function that starts workers under guards, each of which is ended with all that it started after its test. */
export function useGuards(): (options: GuardedOptions) => Guarded {
  const guards: Guarded[] = [];
  afterEach(async () => {
    for (const { mark, ending, control } of guards.splice(0)) {
      control.destroy();
      // A guard that works has ended everything when it ends.
      await Promise.race([ending, setTimeout(LONG_MS, undefined, { ref: false })]);
      killMarked(mark);
      await ending;
    }
  });
  return (options) => {
    const guard = guarded(options);
    guards.push(guard);
    return guard;
  };
}

function guarded(options: GuardedOptions): Guarded {
  const { guard = [], command, noticesBy = 'control', ipc = false, under = [], env = process.env, ...rest } = options;
  const mark = randomUUID();
  const told = noticesBy === 'control' ? [`--control=${CONTROL}`] : [];
  const [program, ...args] = [...under, guardPath(), ...told, ...guard, '--', ...command] as [string, ...string[]];
  const child = spawn(program, args, {
    ...rest,
    env: { ...env, [MARK]: mark },
    stdio: ['pipe', 'pipe', 'pipe', ipc ? 'ipc' : 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const control = child.stdio[CONTROL] as unknown as Socket;
  control.on('error', ignoreBrokenPipe);
  child.stdin?.on('error', ignoreBrokenPipe);
  const ending = once(child, 'exit').then(([code, signal]) => (code ?? signal) as Ending);
  const order = (line: string) => void control.write(`${line}\n`);
  return { child, mark, control, ending, report: linesOf(control), output: linesOf(child.stdout as Socket), order };
}

export function guardPath(): string {
  const loaded = load();
  if (loaded.binding === undefined) throw new Error(loaded.reason);
  return loaded.guardPath;
}

/** The worker's pid, out of the guard's report. */
export async function startedPid(guard: Guarded): Promise<number> {
  const line = await guard.report();
  const pid = /^started (\d+)$/.exec(line ?? '')?.[1];
  if (pid === undefined) throw new Error(`the guard said ${line ?? 'nothing'}`);
  return Number(pid);
}

/** Pids of living processes that carry the mark. */
export function marked(mark: string): number[] {
  return processes().filter((pid) => environmentOf(pid).includes(`${MARK}=${mark}`));
}

/** Ends whatever a test left. */
export function killMarked(mark: string): void {
  for (const pid of marked(mark)) killIfThere(pid);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return ''; // it has ended, or is another user's
  }
}

function linesOf(stream: Socket): () => Promise<string | undefined> {
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async () => {
    const next = await lines.next();
    return next.done ? undefined : next.value;
  };
}

/** The guard may end before it has read everything. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') throw error;
}
