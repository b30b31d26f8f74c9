import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BrokenWorld, describeMove, runRandomWorld, shorten } from '../../src/core-world/index.js';

const STEPS = 150;

function tell(broken: BrokenWorld, seed: number): string {
  const { violation, path, options } = shorten(broken);
  const moves = path.map((move) => `  ${describeMove(move)}`);
  return [`seed ${seed}: ${violation.message}, after`, ...moves, `in ${JSON.stringify(options)}`].join('\n');
}

test('the scheduler keeps its promises in random worlds', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { broken } = runRandomWorld(seed, STEPS);
      if (broken !== null) throw new Error(tell(broken, seed));
    }),
    { numRuns: 300, endOnFailure: true },
  );
});

test('the scheduler keeps its promises in a long life', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { broken } = runRandomWorld(seed, 4_000);
      if (broken !== null) throw new Error(tell(broken, seed));
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

test('in random worlds everything happens that can happen', () => {
  const seen = new Map<string, number>();
  const count = (name: string, times: number): unknown => seen.set(name, (seen.get(name) ?? 0) + times);
  for (let seed = 1; seed <= 400; seed++) {
    const { world } = runRandomWorld(seed, STEPS);
    const { tasks, retired, crashes } = world.scheduler.tally;
    for (const [type, times] of Object.entries(world.made)) count(`move: ${type}`, times);
    for (const [outcome, times] of Object.entries(tasks)) count(`task: ${outcome}`, times);
    for (const [reason, times] of Object.entries(retired)) count(`worker: ${reason}`, times);
    count('worker: crashed', crashes);
  }
  const never = [...seen].filter(([, times]) => times === 0).map(([name]) => name);
  expect(never).toEqual([]);
  const moves = [...seen.keys()].filter((name) => name.startsWith('move: '));
  expect(moves.sort()).toEqual(
    // biome-ignore format: as a paragraph
    ['abort', 'close', 'deadline', 'destroy', 'exit', 'garbage', 'inspected', 'memory', 'pause', 'pong', 'ready',
      'refuse', 'replace', 'reply', 'resize', 'resume', 'silence', 'submit', 'wait'].map((type) => `move: ${type}`),
  );
});
