import { BOUNDLESS, type CoreOptions, DEFAULT_TUNING, type RetryPolicy } from '@ostler/pool/core';
import type { WorldOptions } from '../core-world/index.js';

/** A small world, every order of events of which is walked. */
export interface Configuration {
  readonly name: string;
  readonly world: WorldOptions;
}

/** Only what a world names happens in it: no pings, no looks, and as few faults as it says. */
const WORLD: WorldOptions = {
  core: BOUNDLESS,
  tuning: { ...DEFAULT_TUNING, growthWait: 10, inspectInterval: Infinity, pingInterval: Infinity },
  plans: [{}, {}, {}, {}],
  inTurn: true,
  maxLive: Infinity,
  limits: { submit: Infinity, deadline: 1 },
  replies: ['succeeded'],
  exits: [],
  maxExits: 0,
  abilities: [{ cancel: true, recall: false }],
  waits: [],
  sizes: [],
  surges: [],
};

type Change = Partial<Omit<WorldOptions, 'core' | 'tuning'>> & {
  core?: Partial<CoreOptions>;
  tuning?: Partial<WorldOptions['tuning']>;
};

function configure(name: string, { core, tuning, ...world }: Change): Configuration {
  const tuned = { ...WORLD.tuning, ...tuning };
  return { name, world: { ...WORLD, ...world, core: { ...BOUNDLESS, ...core }, tuning: tuned } };
}

const often: RetryPolicy = { attempts: 2, backoff: 10, on: ['crash', 'failure', 'timeout'] };

/** Small enough to be walked whole, each about one idea. */
export const CONFIGURATIONS: readonly Configuration[] = [
  configure('crashes', {
    core: { maxWorkers: 3 },
    limits: { submit: Infinity, deadline: 2 },
    exits: ['begun'],
    maxExits: 2,
  }),
  configure('keys', {
    plans: [{ key: 'a' }, { key: 'a', priority: 1 }, {}, { key: 'b' }, { key: 'a', retries: often }],
    limits: { submit: Infinity, deadline: 2, abort: 1 },
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('batches', {
    plans: [{ items: [1, 2, 3] }, { priority: 1 }, { items: [1, 1], key: 'a' }, { key: 'a' }],
    limits: { submit: Infinity, deadline: 1, abort: 1 },
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('sending ahead', {
    core: { sendAhead: true },
    tuning: { committedTime: 1e9, maxDepth: 3 },
    limits: { submit: Infinity, deadline: 1, wait: 1, abort: 1 },
    waits: [1],
    exits: ['begun', 'unbegun'],
    maxExits: 1,
    abilities: [{ cancel: true, recall: true }],
  }),
  configure('retries and poison', {
    plans: [{ retries: often }, { retries: { ...often, backoff: 0 } }, {}],
    limits: { submit: Infinity, deadline: 2 },
    replies: ['succeeded', 'failed'],
    exits: ['begun', 'innocent', 'unbegun'],
    maxExits: 2,
  }),
  configure('damaged replies', {
    core: { killGrace: 20 },
    plans: [{ key: 'a' }, { key: 'a' }, { key: 'a', timeout: 10, retries: often }],
    limits: { submit: Infinity, deadline: 3, abort: 1, destroy: 1 },
    replies: ['succeeded', 'damaged'],
  }),
  configure('time-outs and aborts', {
    core: { killGrace: 20 },
    plans: [{ timeout: 10, retries: often }, { queueTimeout: 5 }, { timeout: 10, queueTimeout: 15 }],
    limits: { submit: Infinity, deadline: 5, abort: 2 },
    abilities: [
      { cancel: true, recall: false },
      { cancel: false, recall: false },
    ],
  }),
  configure('resize, pause, close', {
    core: { idleTimeout: 30 },
    plans: [{}, {}, {}],
    limits: { submit: Infinity, deadline: 2, resize: 1, pause: 1, close: 1, destroy: 1 },
    sizes: [
      { minWorkers: 0, maxWorkers: 1 },
      { minWorkers: 2, maxWorkers: 3 },
    ],
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('lifetimes and replacement', {
    core: { maxWorkerLifetime: 100, maxTasksPerWorker: 1 },
    plans: [{}, {}],
    limits: { submit: Infinity, deadline: 3, replace: 1 },
    surges: [0, 1],
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('failing starts', {
    core: { startTimeout: 50 },
    plans: [{}, {}, {}],
    limits: { submit: Infinity, deadline: 5, close: 1 },
    exits: ['not-ready', 'for-good', 'begun'],
    maxExits: 4,
  }),
  configure('silent workers', {
    core: { killGrace: 20 },
    tuning: { pingInterval: 30, inspectInterval: 20 },
    plans: [{}, {}],
    limits: { submit: Infinity, deadline: 4, pong: 2, inspected: 3, garbage: 1 },
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('several tasks at once', {
    core: { concurrency: 2 },
    plans: [{ key: 'a' }, {}, { timeout: 10 }, { key: 'a' }, {}],
    limits: { submit: Infinity, deadline: 2, abort: 1 },
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('one task for each worker', {
    core: { maxWorkers: 3, maxTasksPerWorker: 1 },
    limits: { submit: Infinity, deadline: 2, abort: 1 },
    exits: ['begun', 'not-ready'],
    maxExits: 1,
  }),
  configure('tenants', {
    core: { isolateTenants: true },
    plans: [{ tenant: 'x' }, { tenant: 'y' }, { tenant: 'x' }, { tenant: 'z' }],
    limits: { submit: Infinity, deadline: 2, abort: 1, pause: 1 },
    exits: ['begun'],
    maxExits: 1,
  }),
  configure('tenants in turn', {
    core: { isolateTenants: true, maxWorkers: 3, minWorkers: 0 },
    tuning: { tenantTurn: 20 },
    plans: [{ tenant: 'x' }, { tenant: 'x' }, { tenant: 'x' }, { tenant: 'y', key: 'a' }, { tenant: 'z', key: 'a' }],
    limits: { submit: Infinity, deadline: 3 },
  }),
  configure('full queue', {
    core: { maxWorkers: 1, maxQueueSize: 2, maxQueueBytes: 10 },
    plans: [{ bytes: 4 }, { bytes: 9 }, { bytes: 4, priority: 1 }, { bytes: 3 }, { items: [1, 1] }],
    limits: { submit: Infinity, deadline: 1, abort: 1, pause: 1 },
    exits: ['begun'],
    maxExits: 1,
  }),
];
