import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { load } from '@ostler/native';

const JOIN =
  'n=$1; shift; while [ $n -gt 0 ]; do echo 0 > "$1/cgroup.procs" || exit 126; n=$((n-1)); shift; done; exec "$@"';

/** Starts a program that joins the folders of a group first. */
export function spawnIn(folders, command) {
  return spawn('sh', ['-c', JOIN, 'sh', String(folders.length), ...folders, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts a program under the guard, as the pool starts its workers; the guard's control is descriptor 3. */
export function guardIn(folders, command) {
  const { guardPath } = load();
  const groups = folders.map((folder) => `--cgroup=${folder}`);
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
  return spawn(guardPath, ['--control=3', ...groups, '--', ...command], { stdio });
}

/** Waits for a program to end: how it did, and what it said. */
export async function endOf(child) {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout, stderr };
}

/** Waits until a program has said something. */
export async function said(stream, pattern) {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (pattern.test(text)) return;
  }
  throw new Error(`it ended without saying ${pattern}: ${text}`);
}

/** Kills a group and removes it when its processes have ended. */
export async function clear(group) {
  group.kill();
  while (!group.remove()) await new Promise((resolve) => setImmediate(resolve));
}

/** A Node program that fills so many MiB of memory. */
export function eat(mebibytes) {
  return ['node', '-e', `const b = []; for (let i = 0; i < ${mebibytes}; i++) b.push(Buffer.alloc(1 << 20, 1))`];
}
