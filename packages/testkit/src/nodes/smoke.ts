import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findControlGroups, load, mapFile, spawnGuarded } from '@ostler/native';
import { ProcessPool } from '@ostler/pool';
import { nodeFixture } from '../fixtures.js';

const TASKS = 100;
const PAGE = 4_096;
const MOST_PROCESSES = 50;

/** The parts of one try, in order; each says in a word what it found, or throws. */
const PARTS: readonly (readonly [name: string, part: () => string | Promise<string>])[] = [
  ['addon', loadAddon],
  ['mapped file', shareMemory],
  ['guard', runGuarded],
  ['control groups', limitGroup],
  ['pool', runPool],
  ['TypeScript', runTypescript],
];

/** Tries the native parts and a small pool under the Node that runs this. Throws at the first part that fails, named. */
export async function smoke(): Promise<string> {
  const found: string[] = [];
  for (const [name, part] of PARTS) {
    try {
      found.push(`${name} ${await part()}`);
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  return found.join(', ');
}

function loadAddon(): string {
  const loaded = load();
  if (loaded.binding === undefined) throw new Error(loaded.reason);
  return 'loaded';
}

function shareMemory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ostler-smoke-'));
  const fd = openSync(join(folder, 'shared'), 'wx+');
  try {
    writeSync(fd, new Uint8Array(PAGE));
    const bytes = new Uint8Array(mapFile(fd, PAGE) as ArrayBuffer);
    bytes[PAGE - 1] = 7;
    const read = new Uint8Array(1);
    readSync(fd, read, 0, 1, PAGE - 1);
    assert.equal(read[0], 7);
    return 'shared';
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

async function runGuarded(): Promise<string> {
  const awake = setInterval(() => {}, 60_000); // the guard's control socket alone does not keep Node alive
  try {
    const exitCode = await new Promise<number | null>((onExit, onFailed) => {
      const command = ['sh', '-c', 'exit 7'] as const;
      const env = { PATH: process.env.PATH ?? '' };
      spawnGuarded({ command, env, descriptors: ['none', 'none', 'none'] }, { onStarted() {}, onFailed, onExit });
    });
    assert.equal(exitCode, 7);
    return 'ends as its process does';
  } finally {
    clearInterval(awake);
  }
}

/** Where the machine has none there is nothing to try, which is said. */
function limitGroup(): string {
  const groups = findControlGroups();
  if ('reason' in groups) return `none (${groups.reason})`;
  const group = groups.createPoolGroup('smoke');
  try {
    if (!groups.support.maxProcesses.available) return `version ${groups.version} without a process count`;
    const child = group.createChild('worker');
    child.setLimits({ maxProcesses: MOST_PROCESSES });
    assert.equal(child.limits().maxProcesses, MOST_PROCESSES);
    return `version ${groups.version}`;
  } finally {
    group.remove();
  }
}

async function runPool(): Promise<string> {
  const pool = new ProcessPool({ command: nodeFixture('echo'), maxWorkers: 2 });
  try {
    const bodies = Array.from({ length: TASKS }, (_, index) => `task ${index}`);
    const outcomes = await pool.runMany(bodies);
    const replies = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return new TextDecoder().decode(outcome.value);
    });
    assert.deepEqual(replies, bodies);
    return `${TASKS} tasks`;
  } finally {
    await pool.close();
  }
}

/** Where this Node can't, the pool says what it needs. */
async function runTypescript(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ostler-smoke-'));
  const worker = join(folder, 'worker.mts');
  writeFileSync(worker, 'export const double = ({ n }: { n: number }): number => n * 2;\n');
  try {
    if (!('typescript' in process.features)) {
      assert.throws(() => new ProcessPool({ worker }), /install tsx where the file finds it, or use Node 22\.18/);
      return 'by tsx only';
    }
    const pool = new ProcessPool({ worker, maxWorkers: 1 });
    try {
      assert.equal(await pool.call('double', { n: 21 }), 42);
    } finally {
      await pool.close();
    }
    return 'runs';
  } finally {
    rmSync(folder, { recursive: true });
  }
}
