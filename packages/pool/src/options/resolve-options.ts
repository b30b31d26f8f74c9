import { type CoreOptions, DEFAULT_TUNING } from '../core/index.js';
import { forDebugger } from '../dev/for-debugger.js';
import { InvalidOptionError } from '../errors.js';
import { resolveLaunch } from '../launch/launch.js';
import { ourSurroundings, type Surroundings } from '../launch/surroundings.js';
import { watchedPaths } from '../launch/watched-paths.js';
import type { LimitName, Limits } from '../os/limits.js';
import { nodeOs } from '../os/node-os.js';
import type { PoolOptions } from '../pool-options.js';
import { parseSize } from '../size.js';
import type { WorkerOptions } from '../worker-process/worker-options.js';
import { type Check, flag, integer, limit, oneOf, time } from './checks.js';
import { devOf } from './dev.js';
import { initData } from './init-data.js';
import { AvailableLimits, type FindMissing } from './limits.js';
import { type NamesOf, OptionReader } from './option-reader.js';
import { type GivenProfile, profiles, resolveProfiles } from './profiles.js';
import { protocolOf } from './protocol.js';
import type { ResolvedOptions } from './resolved-options.js';
import { resources } from './resources.js';
import { retries } from './retries.js';
import { refuseMinAboveMax } from './worker-counts.js';

const NAMES: NamesOf<PoolOptions> = {
  command: true,
  worker: true,
  name: true,
  execArgv: true,
  cwd: true,
  inheritEnv: true,
  env: true,
  initData: true,
  output: true,
  protocol: true,
  minWorkers: true,
  maxWorkers: true,
  concurrency: true,
  sendAhead: true,
  isolation: true,
  idleTimeout: true,
  startTimeout: true,
  taskTimeout: true,
  queueTimeout: true,
  killGrace: true,
  maxQueueSize: true,
  maxQueueBytes: true,
  maxBodySize: true,
  maxTasksPerWorker: true,
  maxWorkerLifetime: true,
  maxWorkerMemory: true,
  retries: true,
  resources: true,
  profiles: true,
  onLimitUnavailable: true,
  threadsPerWorker: true,
  dev: true,
  keepAlive: true,
};

/** The largest body of which the protocol can say how large it is. */
const MAX_BODY = 0xffff_ffff;
const MAX_NAME = 200;
const MIB = 1024 * 1024;

const bodySize: Check<number> = (value, option) => {
  const bytes = parseSize(value, option);
  if (bytes <= MAX_BODY) return bytes;
  throw new InvalidOptionError({ option, value, expected: `at most ${MAX_BODY} bytes` });
};

const name: Check<string> = (value, option) => {
  if (typeof value === 'string' && value.length <= MAX_NAME && /^[^\p{Cc}]+$/u.test(value)) return value;
  throw new InvalidOptionError({ option, value, expected: `1 to ${MAX_NAME} characters in one line` });
};

const threadCount: Check<number | 'auto'> = (value, option) => {
  if (value === 'auto' || (Number.isSafeInteger(value) && (value as number) >= 1)) return value as number | 'auto';
  throw new InvalidOptionError({ option, value, expected: "an integer >= 1 or 'auto'" });
};

/** Checks the options of a pool and adds the defaults; InvalidOptionError for the first that is wrong. */
export function resolveOptions(
  options: PoolOptions,
  surroundings: Surroundings = ourSurroundings(),
  findMissing: FindMissing = nodeOs().missingLimits,
): ResolvedOptions {
  const given = new OptionReader<PoolOptions>(options, NAMES);
  const dev = devOf(given, surroundings.env);
  const protocol = protocolOf(given);
  const core = resolveCore(given, protocol, surroundings.cpus);
  const available = new AvailableLimits(given, findMissing);
  const limits = available.take(given.get('resources', resources, {}), 'resources');
  const all = given.get('profiles', profiles, new Map<string, GivenProfile>());
  const resolvedProfiles = resolveProfiles(all, { limits, core, available });
  const launch = resolveLaunch(given, threadsOf(given, core, surroundings.cpus), surroundings);
  const poolName = given.get('name', name, launch.defaultName.slice(0, MAX_NAME));
  const maxBodySize = given.get('maxBodySize', bodySize, 64 * MIB);
  const worker: WorkerOptions = {
    protocol,
    command: launch.command,
    cwd: launch.cwd,
    inheritedEnv: launch.inheritedEnv,
    env: launch.env,
    poolName,
    initData: given.get('initData', initData(maxBodySize), undefined),
    maxBodySize,
    concurrency: core.concurrency,
  };
  const resolved: ResolvedOptions = {
    name: poolName,
    output: given.get('output', oneOf('prefix', 'inherit', 'event'), 'prefix'),
    keepAlive: given.get('keepAlive', flag, false),
    maxBodySize,
    maxWorkerMemory: given.get('maxWorkerMemory', parseSize, Infinity),
    limits,
    limitKinds: kindsOf([limits, ...Array.from(resolvedProfiles.values(), (profile) => profile.limits)]),
    profiles: resolvedProfiles,
    core,
    tuning: DEFAULT_TUNING,
    tasks: {
      taskTimeout: given.get('taskTimeout', time, Infinity),
      queueTimeout: given.get('queueTimeout', time, Infinity),
      retries: given.get('retries', retries, undefined),
      isTimed: true,
    },
    worker,
    dev: {
      inspect: dev.inspect,
      watch: protocol === 'exec' ? [] : watchedPaths(dev.watch, launch),
      trial: { worker, startTimeout: core.startTimeout },
    },
    warnings: available.warnings,
  };
  return dev.inspect === false ? resolved : forDebugger(resolved, dev.inspect, surroundings.execPath);
}

function kindsOf(all: readonly Limits[]): Set<LimitName> {
  return new Set(all.flatMap((limits) => Object.keys(limits) as LimitName[]));
}

function resolveCore(given: OptionReader<PoolOptions>, protocol: WorkerOptions['protocol'], cpus: number): CoreOptions {
  const minWorkers = given.get('minWorkers', integer(0), 1);
  const maxWorkers = given.get('maxWorkers', integer(1), Math.max(cpus, minWorkers));
  refuseMinAboveMax({ minWorkers, maxWorkers });
  const isolation = given.get('isolation', oneOf('pool', 'tenant', 'task'), 'pool');
  const perTask = isolation === 'task' || protocol === 'exec';
  if (perTask)
    refuseSharing(
      given,
      ['concurrency', 'maxTasksPerWorker'],
      protocol === 'exec' ? "protocol is 'exec'" : "isolation is 'task'",
    );
  if (protocol === 'lines') refuseSharing(given, ['concurrency'], "protocol is 'lines'");
  const concurrency = given.get('concurrency', integer(1, MAX_BODY), 1);
  const sendAhead = given.get('sendAhead', flag, true);
  return {
    minWorkers,
    maxWorkers,
    concurrency,
    sendAhead: sendAhead && concurrency === 1 && !perTask && protocol === 'frames',
    idleTimeout: given.get('idleTimeout', time, 10_000),
    startTimeout: given.get('startTimeout', time, 30_000),
    killGrace: given.get('killGrace', time, 2_000),
    maxQueueSize: given.get('maxQueueSize', limit, 100_000),
    maxQueueBytes: given.get('maxQueueBytes', parseSize, 256 * MIB),
    maxTasksPerWorker: given.get('maxTasksPerWorker', limit, perTask ? 1 : Infinity),
    maxWorkerLifetime: given.get('maxWorkerLifetime', time, Infinity),
    isolateTenants: isolation === 'tenant' && !perTask,
    maxStarting: cpus,
  };
}

/** A worker that serves one task at a time, or only one, cannot share itself among several. */
function refuseSharing(
  given: OptionReader<PoolOptions>,
  limited: readonly ('concurrency' | 'maxTasksPerWorker')[],
  reason: string,
): void {
  for (const option of limited) {
    const value = given.raw(option);
    if (value === undefined || value === 1) continue;
    throw new InvalidOptionError({ option, value, expected: `1, as ${reason}` });
  }
}

function threadsOf(given: OptionReader<PoolOptions>, core: CoreOptions, cpus: number): number | undefined {
  const threads = given.get('threadsPerWorker', threadCount, undefined);
  return threads === 'auto' ? Math.max(1, Math.floor(cpus / core.maxWorkers)) : threads;
}
