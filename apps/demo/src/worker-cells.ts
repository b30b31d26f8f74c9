import type { PoolStats } from '@ostler/pool';
import type { Style } from './terminal/style.js';

const SINGLY = 6;
type Worker = Pick<PoolStats['workerList'][number], 'pid' | 'state'>;

/** One line with the state of each worker, or with the number in each state when there are many. */
export function workerCells(workers: readonly Worker[], style: Style): string {
  if (workers.length === 0) return style.dim('no worker');
  const looks: Record<string, (text: string) => string> = {
    starting: (text) => style.yellow(`◌ ${text}`),
    idle: (text) => style.dim(`○ ${text}`),
    busy: (text) => style.green(`● ${text}`),
    stopping: (text) => style.red(`◍ ${text}`),
  };
  const paint = (state: string, text: string) => (looks[state] ?? ((other: string) => other))(text);
  if (workers.length <= SINGLY) return workers.map(({ pid, state }) => paint(state, `${pid} ${state}`)).join('   ');
  const states = Object.keys(looks).map(
    (state) => [state, workers.filter((one) => one.state === state).length] as const,
  );
  return states
    .filter(([, count]) => count > 0)
    .map(([state, count]) => paint(state, `${count} ${state}`))
    .join('   ');
}
