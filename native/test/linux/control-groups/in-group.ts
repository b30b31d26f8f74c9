import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ControlGroup } from '@ostler/native';

/** A program that joins a group before anything else, as the guard makes a worker do it. */
export function spawnIn(group: ControlGroup, command: string[], options: SpawnOptions = {}): ChildProcess {
  const join =
    'n=$1; shift; while [ "$n" -gt 0 ]; do echo 0 > "$1/cgroup.procs" || exit 126; n=$((n-1)); shift; done; exec "$@"';
  return spawn('sh', ['-c', join, 'sh', String(group.folders.length), ...group.folders, ...command], options);
}

/** How a program ended. */
export async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const [code, signal] = await once(child, 'exit');
  return { code, signal };
}

/** A program that tells on its stdout that it runs, and waits to be killed. */
export async function started(child: ChildProcess): Promise<ChildProcess> {
  if (child.stdout === null) throw new Error('its stdout must be a pipe');
  await once(child.stdout, 'data');
  return child;
}
