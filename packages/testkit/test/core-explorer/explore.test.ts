import { Scheduler } from '@ostler/pool/core';
import { expect, test } from 'vitest';
import { CONFIGURATIONS, explore } from '../../src/core-explorer/index.js';
import type { WorldOptions } from '../../src/core-world/index.js';

function configuration(name: string): WorldOptions {
  const found = CONFIGURATIONS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no configuration ${name}`);
  return found.world;
}

test('every order of events of a pool that fills up keeps every promise', () => {
  const { broken, whole, states } = explore(configuration('full queue'));
  expect(broken).toBeNull();
  expect(whole).toBe(true);
  expect(states).toBeGreaterThan(1_000);
});

test('every order of two tasks, two workers and a crash keeps every promise', () => {
  const { broken, whole } = explore({ ...configuration('crashes'), plans: [{}, {}], maxExits: 1 });
  expect({ broken, whole }).toEqual({ broken: null, whole: true });
});

test('an exploration gives up at its bound', () => {
  const { states, whole } = explore(configuration('crashes'), { maxStates: 50 });
  expect(states).toBe(50);
  expect(whole).toBe(false);
});

test('the shortest way to a broken promise is told', () => {
  /** Is told of no failed reply. */
  class Deaf extends Scheduler {
    override replied(...[worker, task, kind, now]: Parameters<Scheduler['replied']>): void {
      if (kind === 'failed') this.pongReceived(worker, now);
      else super.replied(worker, task, kind, now);
    }
  }
  const { broken } = explore(configuration('retries and poison'), { engine: { Scheduler: Deaf } });
  expect(broken?.path).toEqual(['submit plan 0', 'ready w1', 'reply w1 t1 failed']);
});

test('a pool that never comes to rest is found out', () => {
  /** Does not close. */
  class Blind extends Scheduler {
    override close(): void {}
  }
  const { broken } = explore(configuration('crashes'), { engine: { Scheduler: Blind }, maxStates: 10 });
  expect(broken?.property).toBe('all is settled in the end');
});

test('a task whose reply was damaged keeps its key and its retry until its worker is gone', () => {
  const { broken, whole } = explore(configuration('damaged replies'));
  expect({ broken, whole }).toEqual({ broken: null, whole: true });
});
