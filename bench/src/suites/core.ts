import { CoreWorld, PlainWorld } from '../core-world.js';
import { interleave } from '../interleave.js';
import { type Row, row } from '../report.js';
import { median } from '../statistics.js';
import type { Suite } from './suite.js';

const WORKERS = [2, 100];
const QUEUED = [10, 1_000_000];
const PER_MILLION = 1e6;

/** What the decisions alone cost, without processes or promises. */
export const core: Suite = {
  about: (plan) =>
    [
      "Millions of tasks per second through the pure scheduler ('@ostler/pool/core'): each is submitted, sent, answered and settled while so many",
      'others wait; nothing is written anywhere. Reference: an array as the queue and a Map of what is under way, in plain JavaScript, without',
      `priorities, deadlines, sizing or crash handling. Median of ${plan.rounds} interleaved rounds of ${tasksOf(plan.quick).toLocaleString('en')} tasks after one to warm up.`,
    ].join('\n'),
  async run({ quick, rounds }) {
    const rows: Row[] = [];
    for (const workers of WORKERS) {
      for (const queued of QUEUED) {
        const worlds = [new CoreWorld(workers, queued), new PlainWorld(workers, queued)];
        const count = tasksOf(quick);
        for (const world of worlds) world.run(count);
        const [ours = [], reference = []] = await interleave(worlds, rounds, (world) =>
          millionsPerSecond(world, count),
        );
        rows.push(
          row({
            measure: `${workers} workers, ${queued.toLocaleString('en')} waiting`,
            ours: median(ours),
            reference: median(reference),
            unit: 'million tasks/s',
            against: 'array and Map',
            better: 'more',
          }),
        );
      }
    }
    return rows;
  },
};

function tasksOf(quick: boolean): number {
  return quick ? 200_000 : 1_000_000;
}

async function millionsPerSecond(world: { run(count: number): void }, count: number): Promise<number> {
  const start = performance.now();
  world.run(count);
  return (count * 1000) / (performance.now() - start) / PER_MILLION;
}
