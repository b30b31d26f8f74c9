import { spawn } from 'node:child_process';
import type { Support } from '../control-groups/control-group.js';
import { load } from '../load.js';
import { processes } from '../processes.js';
import { killTree, resume, suspend } from '../tree.js';
import { attempt, missing, WORKS } from './support.js';

/** A signal takes microseconds, unless the machine is very busy. */
const LONG_MS = 2_000;

/** What a process that lives for the trial has shown. */
export interface LiveTrial {
  readonly suspend: Support;
  readonly treeKill: Support;
}

/** Stops, continues and kills a process. */
export function tryLiveProcess(): LiveTrial {
  if (process.platform === 'win32' && load().binding === undefined) return neither('the addon is absent');
  if (processes.statOf(process.pid) === undefined) return neither('there is no /proc');
  // Node without a script waits for its input, so that it ends with us whatever happens.
  const child = spawn(process.execPath, ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  child.on('error', () => {}); // what it says later (EAGAIN), the missing number says now
  const { pid } = child;
  if (pid === undefined) return neither(`${process.execPath} can't be started`);
  try {
    return { suspend: attempt(() => trySuspend(pid)), treeKill: attempt(() => tryTreeKill(pid)) };
  } finally {
    child.kill('SIGKILL');
    child.stdin.destroy();
  }
}

function neither(reason: string): LiveTrial {
  return { suspend: missing(reason), treeKill: missing(reason) };
}

function trySuspend(pid: number): Support {
  suspend(pid);
  if (!becomes(() => processes.isStopped(pid))) return missing('a process went on when it was to stop');
  resume(pid);
  return becomes(() => !processes.isStopped(pid)) ? WORKS : missing('a process stayed stopped when it was to go on');
}

function tryTreeKill(pid: number): Support {
  if (!processes.childrenOf(process.pid).includes(pid)) {
    return missing(
      'the system does not tell which processes are below another (/proc/PID/task/*/children)',
      'take a kernel with CONFIG_PROC_CHILDREN',
    );
  }
  killTree(pid);
  return becomes(() => (processes.statOf(pid)?.state ?? 'Z') === 'Z')
    ? WORKS
    : missing('a process was not ended by a kill');
}

/** Waits without giving way to the event loop, which would take the ended process away. */
function becomes(condition: () => boolean): boolean {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + LONG_MS; performance.now() < end; Atomics.wait(cell, 0, 0, 1)) {
    if (condition()) return true;
  }
  return condition();
}
