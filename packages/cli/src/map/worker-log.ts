import type { PoolEvents, ProcessPool } from '@ostler/pool';

type Line = PoolEvents['log'][0];

/** Lines that are held for one worker. */
const HELD = 1000;

/**
 * Prints what workers log, on stderr. Where `holds`, of one that is not ready yet the lines are held back: a plain program would print its
 * results there. Of those that fail to start, the first one's stderr is shown.
 */
export function printWorkerLog(pool: ProcessPool, { name, holds }: { name: string; holds: boolean }): void {
  const held = new Map<number, Line[]>();
  let hasShownFailure = false;
  if (holds) pool.on('worker-start', ({ workerId }) => held.set(workerId, []));
  pool.on('log', (line) => {
    const lines = held.get(line.workerId);
    if (lines === undefined) print(name, line);
    else if (lines.length < HELD) lines.push(line);
  });
  pool.on('worker-ready', ({ workerId }) => {
    for (const line of held.get(workerId) ?? []) print(name, line);
    held.delete(workerId);
  });
  pool.on('worker-exit', ({ workerId }) => {
    const lines = held.get(workerId);
    held.delete(workerId);
    if (lines === undefined || hasShownFailure) return;
    const said = lines.filter(({ source }) => source !== 'stdout');
    for (const line of said) print(name, line);
    hasShownFailure = said.length > 0;
  });
}

function print(name: string, { workerId, line }: Line): void {
  process.stderr.write(`[${name} ${workerId}] ${line}\n`);
}
