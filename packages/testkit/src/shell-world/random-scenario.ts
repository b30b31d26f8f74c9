import type { PoolOptions, Retries } from '@ostler/pool';
import type { Random } from '../simulation/index.js';
import { type Deed, FAILING, FATAL, HARMLESS } from './deed.js';
import type { Act, Move, Scenario, TaskPlan, Temperament } from './scenario.js';

/** Above every limit that a task of these worlds can meet by itself, in milliseconds: it ends what never answers. */
const PATIENCE = 4_000;
/** The same where bodies are so large that a narrow pipe takes seconds for them. */
const MORE_PATIENCE = 30_000;

/** What may happen in one world: its moves are drawn from that. */
interface Mood {
  readonly deeds: readonly Deed[];
  readonly limits: boolean;
  readonly keys: boolean;
  readonly retries: boolean;
  readonly big: boolean;
  readonly acts: readonly Act['type'][];
}

/** A scenario of that many events, or a few more; every world has its own mixture of what may happen. */
export function randomScenario(random: Random, events: number): Scenario {
  const mood = randomMood(random);
  const moves: Move[] = [];
  for (let total = 0; total < events; ) {
    const move = { act: randomAct(random, mood), events: random.pick([0, 0, 1, 3, 10, 30, 60]) };
    moves.push(move);
    total += move.events + 1;
  }
  if (random.chance(0.2)) {
    const end = { act: { type: random.pick(['close', 'destroy'] as const) }, events: random.pick([0, 10]) };
    moves.splice(random.between(moves.length >> 1, moves.length), 0, end);
  }
  return {
    seed: random.word(),
    pool: { ...randomPool(random), taskTimeout: mood.big ? MORE_PATIENCE : PATIENCE },
    cpus: random.pick([1, 2, 8]),
    machine: { hasPrivateChannel: random.chance(0.8), hasLedgers: random.chance(0.8) },
    workers: randomWorkers(random),
    moves,
    end: random.pick(['close', 'destroy']),
  };
}

function randomMood(random: Random): Mood {
  const deeds: Deed[] = Array.from({ length: 6 }, () => random.pick(HARMLESS));
  deeds.push('reply', 'reply', 'reply', 'reply');
  if (random.chance(0.6)) deeds.push(random.pick(FAILING), random.pick(FAILING));
  if (random.chance(0.7)) deeds.push(random.pick(FATAL), random.pick(FATAL));
  const acts: Act['type'][] = ['run', 'run', 'run', 'run', 'call', 'stream', 'many', 'map'];
  if (random.chance(0.5)) acts.push('abort', 'abort');
  if (random.chance(0.3)) acts.push('pause', 'resume', 'resume');
  if (random.chance(0.3)) acts.push('resize');
  if (random.chance(0.3)) acts.push('replace');
  if (random.chance(0.3)) acts.push('advance');
  return {
    deeds,
    acts,
    limits: random.chance(0.3),
    keys: random.chance(0.4),
    retries: random.chance(0.4),
    big: random.chance(0.3),
  };
}

function randomPool(random: Random): PoolOptions {
  const minWorkers = random.between(0, 2);
  const isolation = random.pick(['pool', 'pool', 'tenant', 'task'] as const);
  return {
    minWorkers,
    maxWorkers: Math.max(1, minWorkers + random.between(0, 2)),
    sendAhead: random.chance(0.8),
    isolation,
    idleTimeout: random.pick([10_000, 200, Infinity]),
    startTimeout: random.pick([30_000, 400]),
    killGrace: random.pick([2_000, 50]),
    ...(random.chance(0.15) && { maxQueueSize: random.pick([3, 10]) }),
    ...(random.chance(0.2) && isolation !== 'task' && { maxTasksPerWorker: random.pick([1, 3]) }),
    ...(random.chance(0.15) && { maxWorkerLifetime: random.pick([1_000, 5_000]) }),
    ...(random.chance(0.1) && { maxWorkerMemory: random.pick([5_000_000, 20_000_000]) }),
  };
}

function randomWorkers(random: Random): Temperament[] {
  const startsBadly = random.chance(0.25);
  const isOdd = random.chance(0.5);
  return Array.from({ length: random.between(1, 4) }, () => ({
    start: startsBadly ? random.pick(STARTS) : 'well',
    channel: random.chance(0.8) ? 'private' : 'stdout',
    knowsLedger: random.chance(0.7),
    readsWhileBusy: random.chance(0.7),
    ignoresCancel: isOdd && random.chance(0.3),
    ignoresSigterm: isOdd && random.chance(0.3),
  }));
}

const STARTS: readonly Temperament['start'][] = [
  ...(['well', 'well', 'well'] as const),
  ...(['EAGAIN', 'crash', 'leave', 'silent', 'init-fails', 'prints'] as const),
];

function randomAct(random: Random, mood: Mood): Act {
  const type = random.pick(mood.acts);
  switch (type) {
    case 'run':
    case 'call':
      return { type, task: randomTask(random, mood) };
    case 'stream':
      return { type, task: randomStreamTask(random, mood), consumer: randomConsumer(random) };
    case 'many':
      return { type, tasks: alike(random, mood, random.between(1, 12)) };
    case 'map':
      return {
        type,
        tasks: alike(random, mood, random.between(1, 8)),
        inFlight: random.between(1, 4),
        ordered: random.chance(0.5),
      };
    case 'abort':
      return { type, task: random.between(0, 200) };
    case 'resize':
      return { type, size: { minWorkers: random.between(0, 2), maxWorkers: random.between(2, 4) } };
    case 'replace':
      return { type, surge: random.between(0, 1) };
    case 'advance':
      return { type, time: random.pick([1, 30, 500]) };
    default:
      return { type };
  }
}

function randomConsumer(random: Random) {
  return {
    chunks: random.between(1, 12),
    every: random.pick([1, 3, 20]),
    leaves: random.pick([Infinity, Infinity, 0, 2]),
  };
}

function randomStreamTask(random: Random, mood: Mood): TaskPlan {
  return { ...randomTask(random, mood), replySize: random.pick([20, 5_000, 60_000]) };
}

/** Tasks of one call: they differ in what they do, not in their options. */
function alike(random: Random, mood: Mood, count: number): TaskPlan[] {
  const { tenant, key, priority, timeout, queueTimeout, retries } = randomTask(random, mood);
  const common = { tenant, key, priority, timeout, queueTimeout, retries };
  const given = Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined));
  return Array.from({ length: count }, () => {
    const { deed, times, size, replySize } = randomTask(random, mood);
    return { deed, times, size, replySize, ...given };
  });
}

function randomTask(random: Random, mood: Mood): TaskPlan {
  const large = mood.big && random.chance(0.2);
  return {
    deed: random.pick(mood.deeds),
    times: random.pick([1, 1, 9]),
    size: large ? random.pick([66_000, 300_000, 700_000]) : random.between(0, 3_000),
    replySize: large && random.chance(0.5) ? 400_000 : random.pick([0, 100, 2_000]),
    asText: random.chance(0.3),
    ...(random.chance(0.6) && { tenant: random.pick(['x', 'y', 'z']) }),
    ...(mood.keys && random.chance(0.6) && { key: random.pick(['a', 'b']) }),
    ...(random.chance(0.2) && { priority: random.pick([1, -1]) }),
    ...(mood.limits && random.chance(0.2) && { timeout: random.pick([5, 100, 1_000]) }),
    ...(mood.limits && random.chance(0.2) && { queueTimeout: random.pick([5, 100]) }),
    ...(mood.retries && random.chance(0.5) && { retries: randomRetries(random) }),
  };
}

function randomRetries(random: Random): Retries {
  const on = (['crash', 'timeout', 'failure'] as const).filter(() => random.chance(0.7));
  return { attempts: random.between(1, 3), backoff: random.pick([0, 10, 300]), on };
}
