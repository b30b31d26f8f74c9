import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const PROGRAM = fileURLToPath(new URL('../children/spawn-block.js', import.meta.url));
/** Megabytes of live objects in the JavaScript heap. */
const HEAPS = [0, 1_000];
const STARTS_PER_REPEAT = 3;

/** How long a program stands still while it starts a worker. */
export const spawn: Suite = {
  about: ({ repeats }) =>
    [
      'Milliseconds for which the event loop is held up by one start, the call alone: a process under a guard, as the pool starts its workers,',
      `and child_process.spawn, five pipes each, in a program with so much live heap. Medians of ${repeats * STARTS_PER_REPEAT} starts in turns.`,
    ].join('\n'),
  async run(plan) {
    const rows: Row[] = [];
    for (const heap of HEAPS) rows.push(await compare(heap, plan));
    return rows;
  },
};

async function compare(heap: number, { repeats }: Plan): Promise<Row> {
  const args = ['--max-old-space-size=8192', PROGRAM, `${heap}`, `${repeats * STARTS_PER_REPEAT}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  const { ours, reference } = JSON.parse(stdout) as { ours: number[]; reference: number[] };
  return row({
    measure: `one start holds up the event loop, ${heap} MB of heap`,
    ours: median(ours),
    reference: median(reference),
    unit: 'ms',
    against: 'child_process.spawn',
    better: 'less',
  });
}
