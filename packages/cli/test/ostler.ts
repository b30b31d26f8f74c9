import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

export const OSTLER = fileURLToPath(new URL('../bin/ostler.js', import.meta.url));
export const WORKER = fileURLToPath(new URL('programs/worker.js', import.meta.url));

const folders: string[] = [];
const running = new Set<ChildProcess>();

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that goes with the test. */
export async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ostler-cli-'));
  folders.push(folder);
  return folder;
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A run of the program whose input stays in the test's hands. */
export interface Run {
  readonly child: ChildProcess;
  /** Resolves when the condition holds for what it has printed. */
  until(condition: (printed: { stdout: string; stderr: string }) => boolean): Promise<void>;
  readonly ended: Promise<Ended>;
}

export function start(args: readonly string[]): Run {
  const child = spawn(process.execPath, [OSTLER, ...args], { stdio: 'pipe' });
  running.add(child);
  const printed = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      for (const watcher of watchers) watcher();
    });
  }
  child.stdin.on('error', () => {}); // it reads no more: its exit says why
  const ended = once(child, 'close').then(() => {
    running.delete(child);
    return { status: child.exitCode, ...printed };
  });
  return {
    child,
    ended,
    until: async (condition) => {
      while (!condition(printed)) {
        await new Promise<void>((resolve) => {
          const watcher = (): void => {
            watchers.delete(watcher);
            child.off('close', watcher);
            resolve();
          };
          watchers.add(watcher);
          child.once('close', watcher);
        });
        if (child.exitCode !== null && !condition(printed)) throw new Error(`it ended: ${JSON.stringify(printed)}`);
      }
    },
  };
}

/** Runs the program to its end, with that on its stdin. */
export async function ostler(args: readonly string[], input: string | Uint8Array = ''): Promise<Ended> {
  const run = start(args);
  run.child.stdin?.end(input);
  return run.ended;
}
