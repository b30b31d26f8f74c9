import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { interleave } from '../interleave.js';
import type { Plan } from '../plan.js';
import { type Row, row } from '../report.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const CHILD = fileURLToPath(new URL('../children/queue-memory.js', import.meta.url));
const HOLDERS = ['pool', 'array'] as const;
const BODIES = [
  { kind: 'arrays', words: 'each in memory of its own' },
  { kind: 'buffers', words: "in Node's Buffer pool" },
] as const;
const BYTES_PER_MB = 1e6;

/** What a long queue costs the parent. */
export const memory: Suite = {
  about: (plan) =>
    [
      'Resident memory of a fresh process that has 100,000 tasks of 1 KiB waiting, each with a body and a promise: in a paused pool, or,',
      'as the reference, as { body, resolve } in an array. Afterwards the pool runs them all and every digest is checked.',
      `Median of ${processesOf(plan)} processes each, interleaved.`,
    ].join('\n'),
  async run(plan) {
    const rows: Row[] = [];
    for (const { kind, words } of BODIES) {
      const [ours = [], reference = []] = await interleave(HOLDERS, processesOf(plan), (holder) =>
        residentMegabytes(holder, kind),
      );
      rows.push(
        row({
          measure: `100,000 waiting, ${words}`,
          ours: median(ours),
          reference: median(reference),
          unit: 'MB',
          against: 'a plain array of them',
          better: 'less',
        }),
      );
    }
    return rows;
  },
};

function processesOf({ quick }: Plan): number {
  return quick ? 1 : 3;
}

async function residentMegabytes(holder: string, bodies: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, holder, bodies]);
  return Number(stdout) / BYTES_PER_MB;
}
