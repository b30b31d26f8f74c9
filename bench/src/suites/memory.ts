import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { interleave } from '../interleave.js';
import { row } from '../report.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const CHILD = fileURLToPath(new URL('../children/queue-memory.js', import.meta.url));
const HOLDERS = ['pool', 'array'] as const;
const BYTES_PER_MB = 1e6;

/** What a long queue costs the parent. */
export const memory: Suite = {
  about: ({ rounds }) =>
    [
      'Resident memory of a fresh process that has 100,000 tasks of 1 KiB waiting, each with a body of its own and a promise: in a paused',
      'pool, or, as the reference, as { body, resolve } in an array. Afterwards the pool runs them all and every digest is checked.',
      `Median of ${rounds} processes each, interleaved.`,
    ].join('\n'),
  async run({ rounds }) {
    const [ours = [], reference = []] = await interleave(HOLDERS, rounds, residentMegabytes);
    return [
      row({
        measure: '100,000 waiting tasks of 1 KiB',
        ours: median(ours),
        reference: median(reference),
        unit: 'MB',
        against: 'a plain array of them',
        better: 'less',
      }),
    ];
  },
};

async function residentMegabytes(holder: (typeof HOLDERS)[number]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, holder]);
  return Number(stdout) / BYTES_PER_MB;
}
