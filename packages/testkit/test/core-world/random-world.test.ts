import { Scheduler } from '@ostler/pool/core';
import { expect, test } from 'vitest';
import { describeMove, type Engine, replay, runRandomWorld, shorten, World } from '../../src/core-world/index.js';

/** Lets one worker more live than it was told. */
class Careless extends Scheduler {
  override resized(size: { minWorkers: number; maxWorkers: number }, now: number): void {
    super.resized({ ...size, maxWorkers: size.maxWorkers + 1 }, now);
  }
}
const TOO_MANY = 'never more workers than the maximum';
const careless: Engine = { Scheduler: Careless };

function brokenWorld() {
  for (let seed = 1; ; seed++) {
    const { broken } = runRandomWorld(seed, 400, careless);
    if (broken?.violation.property === TOO_MANY && broken.path.length > 20) return broken;
  }
}

test('the same seed gives the same world, and the same events the same effects', () => {
  const { world } = runRandomWorld(7, 300);
  const effects = [0, 1].map(() => {
    const again = new World(world.options);
    const record = again.startRecord();
    again.begin();
    for (const move of world.path) again.perform(move);
    return record;
  });
  expect(runRandomWorld(7, 300).world.path).toEqual(world.path);
  expect(effects[0]?.length).toBeGreaterThan(20);
  expect(effects[0]).toEqual(effects[1]);
});

test('a violation is told with the few moves that lead to it', () => {
  const broken = brokenWorld();
  const short = shorten(broken, careless);
  expect(short.violation.property).toBe(TOO_MANY);
  expect(short.path.length).toBeLessThan(broken.path.length / 2);
  expect(replay(short.options, short.path, careless)?.violation.message).toBe(short.violation.message);
  expect(replay(short.options, short.path)).toBeNull();
});

test('a move is told in words', () => {
  expect(describeMove({ type: 'reply', worker: 2, task: 5, kind: 'failed' })).toBe('reply w2 t5 failed');
  expect(describeMove({ type: 'replace', surge: 1 })).toBe('replace surge 1');
});
