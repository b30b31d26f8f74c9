import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import {
  type GuardedCommand,
  type GuardedProcess,
  type GuardLimits,
  load,
  type OsControlError,
  spawnGuarded,
} from '@ostler/native';
import { afterEach, describe } from 'vitest';

/** What of the addon these tests use beside what the package makes of it. */
export interface Addon {
  ownHandles(): number;
  isSuspended(pid: number): boolean;
  Job: new (
    name: string,
  ) => {
    assign(pid: number): void;
    processes(): number[];
    takeMessages(): number[];
    terminate(code: number): void;
    close(): void;
  };
}

export const isWine = process.env.OSTLER_WINE !== undefined;

const { binding } = load();

/** The suites of this folder run on Windows only (vitest.config.ts), and need what has been compiled for it. */
export function describeWithAddon(name: string, suite: () => void): void {
  if (binding === undefined) describe.skip(`${name} (needs the addon)`, suite);
  else describe(name, suite);
}

export function addon(): Addon {
  if (binding === undefined) throw new Error('the addon is absent');
  return binding as unknown as Addon;
}

/** A program that tells its number, starts another such as it is as often as its argument says, and stays. */
export const FAMILY = `
  const { spawn } = require('node:child_process');
  const rest = Number(process.argv[1]);
  process.stdout.write(process.pid + '\\n');
  if (rest > 0) spawn(process.execPath, ['-e', process.env.FAMILY, String(rest - 1)], { detached: true, stdio: ['ignore', 1, 'ignore'] });
  setInterval(() => {}, 60_000);
`;

const children: ChildProcess[] = [];
const guards: { guarded: GuardedProcess; ended: Promise<unknown> }[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const { guarded, ended } of guards.splice(0)) {
    guarded.kill();
    await ended;
  }
});

/** A Node process that says `ready`, and is ended after its test. */
export async function startNode(script = ''): Promise<ChildProcess & { pid: number }> {
  const code = `${script}; setInterval(() => {}, 60_000); process.stdout.write('ready\\n');`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
  children.push(child);
  await once(child.stdout as Readable, 'data');
  return child as ChildProcess & { pid: number };
}

/** Processes each of which is the parent of the next, and not tied to it. */
export async function startFamily(generations: number): Promise<{ child: ChildProcess; pids: number[] }> {
  const args = ['-e', FAMILY, String(generations - 1)];
  const env = { ...process.env, FAMILY };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'], windowsHide: true });
  children.push(child);
  return { child, pids: await pidsOf(linesOf(child.stdout as Readable), generations) };
}

export function linesOf(stream: Readable): Interface {
  return createInterface({ input: stream });
}

/** The next lines, as numbers. */
export async function pidsOf(lines: Interface, count: number): Promise<number[]> {
  const pids: number[] = [];
  for await (const line of lines) {
    pids.push(Number(line));
    if (pids.length === count) break;
  }
  return pids;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A guarded process, what it prints, and what becomes of it; ended after its test. */
export interface Started {
  readonly guarded: GuardedProcess;
  readonly pid: Promise<number>;
  readonly ending: Promise<Ending>;
  readonly output: Interface;
  text(): Promise<string>;
}

/** Starts a program under a guard, its standard three as pipes. */
export function startGuarded(
  command: GuardedCommand['command'],
  { limits, env = {}, cwd }: { limits?: GuardLimits; env?: Record<string, string>; cwd?: string } = {},
): Started {
  const all = { ...process.env, ...env } as Record<string, string>;
  let onStarted: (pid: number) => void = () => {};
  let onFailed: (error: OsControlError) => void = () => {};
  let onExit: (ending: Ending) => void = () => {};
  const pid = new Promise<number>((resolve, reject) => {
    onStarted = resolve;
    onFailed = reject;
  });
  pid.catch(() => {}); // told to who awaits it
  const ending = new Promise<Ending>((resolve) => {
    onExit = resolve;
  });
  const guarded = spawnGuarded(
    { command, env: all, cwd, limits, descriptors: ['socket', 'socket', 'socket'] },
    { onStarted, onFailed, onExit: (code, signal) => onExit({ code, signal }) },
  );
  guards.push({ guarded, ended: Promise.race([ending, pid.then(() => ending)]).catch(() => {}) });
  const output = guarded.sockets[1] as Readable;
  const text = async (): Promise<string> => {
    let said = '';
    for await (const bytes of output) said += bytes;
    return said;
  };
  return { guarded, pid, ending, output: linesOf(output), text };
}

/** Whether there is a process of this number that has not ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Asks again until it is so; the test's own time is the limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
