import {
  type CoreOptions,
  type CoreTuning,
  DEFAULT_TUNING,
  type RetryPolicy,
  type WorkerAbilities,
} from '@ostler/pool/core';
import type { Chooser } from './chooser.js';
import type { MoveType } from './move.js';
import type { TaskPlan, WorldOptions } from './world-options.js';

const CAUSES: RetryPolicy['on'] = ['crash', 'timeout', 'failure', 'memory'];
const PLANS = 6;
/** A task that fails for as long as the pool's budget of retries lasts. */
const STORMY: TaskPlan = { retries: { attempts: 10_000, backoff: 0, on: ['failure'] } };

/** A world with options of every kind; most of them are small, so that limits are met. */
export function randomOptions(chooser: Chooser): WorldOptions {
  const core = randomCore(chooser);
  const storm = chooser.chance(0.1);
  const often = (type: MoveType): [MoveType, number] => [type, Infinity];
  const seldom = (type: MoveType, share = 0.3): [MoveType, number] => [type, chooser.chance(share) ? Infinity : 0];
  return {
    core,
    tuning: randomTuning(chooser),
    plans: Array.from({ length: PLANS }, () => (storm ? STORMY : randomPlan(chooser))),
    inTurn: false,
    maxLive: chooser.pick([6, 12, 30]),
    limits: Object.fromEntries([
      ...(['submit', 'deadline', 'pong', 'inspected', 'wait'] as const).map(often),
      ...(['garbage', 'silence', 'memory', 'pause', 'refuse', 'resize', 'replace'] as const).map((type) =>
        seldom(type),
      ),
      seldom('abort', 0.6),
      seldom('close', 0.5),
      seldom('destroy', 0.3),
    ]),
    replies: storm
      ? ['failed']
      : chooser.pick([['succeeded'], ['succeeded', 'failed'], ['succeeded', 'failed', 'failed-memory', 'damaged']]),
    exits: chooser.pick([
      [],
      ['begun', 'not-ready'],
      ['begun', 'unbegun', 'not-ready'],
      ['begun', 'unbegun', 'innocent', 'memory', 'not-ready', 'for-good'],
    ]),
    maxExits: chooser.pick([2, Infinity]),
    abilities: chooser.pick(ABILITIES),
    waits: [0.25, 3, 30, 400],
    sizes: [
      { minWorkers: core.minWorkers, maxWorkers: core.maxWorkers },
      { minWorkers: 0, maxWorkers: 1 },
      { minWorkers: 2, maxWorkers: 4 },
    ],
    surges: [0, 1, 2],
  };
}

const ABILITIES: readonly (readonly WorkerAbilities[])[] = [
  [{ cancel: true, recall: true }],
  [{ cancel: true, recall: false }],
  [
    { cancel: false, recall: false },
    { cancel: true, recall: true },
  ],
];

/** Names without a meaning where any worker serves any task. */
const TENANTS = ['', 'x', 'y', 'z'];

function randomCore(chooser: Chooser): CoreOptions {
  const minWorkers = chooser.between(0, 3);
  return {
    minWorkers,
    maxWorkers: Math.max(1, minWorkers + chooser.between(0, 2)),
    concurrency: chooser.pick([1, 1, 1, 2, 3]),
    sendAhead: chooser.chance(0.6),
    idleTimeout: chooser.pick([Infinity, 10_000, 40]),
    startTimeout: chooser.pick([30_000, 200]),
    killGrace: chooser.pick([2_000, 50]),
    maxQueueSize: chooser.pick([100_000, 4]),
    maxQueueBytes: chooser.pick([Infinity, 50]),
    maxTasksPerWorker: chooser.pick([Infinity, Infinity, 1, 3]),
    isolateTenants: chooser.chance(0.4),
    maxWorkerLifetime: chooser.pick([Infinity, Infinity, 5_000, 100]),
    maxStarting: chooser.pick([1, 2, 8]),
  };
}

function randomTuning(chooser: Chooser): CoreTuning {
  return {
    ...DEFAULT_TUNING,
    committedTime: chooser.pick([1, 100, 1e9]),
    maxDepth: chooser.pick([2, 4, 512]),
    inspectInterval: chooser.pick([Infinity, 1_000, 60]),
    pingInterval: chooser.pick([Infinity, 5_000, 60]),
    tenantTurn: chooser.pick([1_000, 50]),
    firstTaskId: chooser.pick([1, 1, 2 ** 32 - 5]),
  };
}

function randomPlan(chooser: Chooser): TaskPlan {
  const batch = chooser.chance(0.15);
  const retries = chooser.chance(0.4);
  return {
    bytes: chooser.between(0, 20),
    priority: chooser.pick([0, 0, 0, 1, -1]),
    timeout: chooser.pick([Infinity, Infinity, 500, 20]),
    queueTimeout: chooser.pick([Infinity, Infinity, 500, 20]),
    ...(chooser.chance(0.7) && { tenant: chooser.pick(TENANTS) }),
    ...(chooser.chance(0.4) && { key: chooser.pick(['a', 'a', 'b']) }),
    ...(retries && { retries: randomPolicy(chooser) }),
    ...(batch && { items: Array.from({ length: chooser.between(1, 5) }, () => chooser.between(0, 9)) }),
  };
}

function randomPolicy(chooser: Chooser): RetryPolicy {
  const on = CAUSES.filter(() => chooser.chance(0.7));
  return { attempts: chooser.between(1, 3), backoff: chooser.pick([0, 0, 10, 300]), on };
}
