import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { DEFAULT_TUNING } from '../../src/core/index.js';
import { InvalidOptionError } from '../../src/errors.js';
import type { Surroundings } from '../../src/launch/surroundings.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { ResolvedOptions } from '../../src/options/resolved-options.js';
import type { PoolOptions } from '../../src/pool-options.js';

const SURROUNDINGS: Surroundings = {
  cpus: 4,
  env: { PATH: '/bin', HOME: '/home/me' },
  platform: 'linux',
  execPath: '/usr/bin/node',
  nodeVersion: '20.20.2',
  execArgv: [],
  hostScript: '/ostler/host.js',
};

function resolved(options: Record<string, unknown>, surroundings: Partial<Surroundings> = {}): ResolvedOptions {
  const whole = 'command' in options || 'worker' in options ? options : { command: ['./worker'], ...options };
  return resolveOptions(whole as PoolOptions, { ...SURROUNDINGS, ...surroundings });
}

function refusal(options: Record<string, unknown>): InvalidOptionError {
  try {
    resolved(options);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error('the options were taken');
}

describe('the defaults', () => {
  test('are those of the contract', () => {
    const { dev, tuning, ...options } = resolved({});
    expect(dev).toMatchObject({ inspect: false, watch: [] });
    expect(tuning).toBe(DEFAULT_TUNING);
    expect(options).toEqual({
      name: 'worker',
      output: 'prefix',
      keepAlive: false,
      limits: {},
      limitKinds: new Set(),
      profiles: new Map(),
      maxBodySize: 64 * 2 ** 20,
      maxWorkerMemory: Infinity,
      core: {
        minWorkers: 1,
        maxWorkers: 4,
        concurrency: 1,
        sendAhead: true,
        idleTimeout: 10_000,
        startTimeout: 30_000,
        killGrace: 2_000,
        maxQueueSize: 100_000,
        maxQueueBytes: 256 * 2 ** 20,
        maxTasksPerWorker: Infinity,
        maxWorkerLifetime: Infinity,
        isolateTenants: false,
        maxStarting: 4,
      },
      tasks: { taskTimeout: Infinity, queueTimeout: Infinity, retries: undefined, isTimed: true },
      worker: {
        command: ['./worker'],
        cwd: undefined,
        inheritedEnv: { PATH: '/bin', HOME: '/home/me' },
        env: {},
        poolName: 'worker',
        protocol: 'frames',
        initData: undefined,
        maxBodySize: 64 * 2 ** 20,
        concurrency: 1,
      },
      warnings: [],
    });
  });

  test('come from the real machine unless others are given', () => {
    const { core } = resolveOptions({ command: ['./worker'] });
    expect(core.maxWorkers).toBeGreaterThanOrEqual(1);
    expect(core.maxWorkers).toBeLessThanOrEqual(availableParallelism());
  });

  test('hold for an option that is undefined', () => {
    expect(resolved({ maxWorkers: undefined, name: undefined, retries: undefined })).toEqual(resolved({}));
  });

  test('of maxWorkers are no fewer than minWorkers', () => {
    expect(resolved({ minWorkers: 9 }).core.maxWorkers).toBe(9);
    expect(resolved({ minWorkers: 0 }).core.maxWorkers).toBe(4);
  });
});

describe('what is given', () => {
  test('is taken', () => {
    const options = resolved({
      name: 'thumbs',
      output: 'event',
      keepAlive: true,
      minWorkers: 0,
      maxWorkers: 3,
      concurrency: 2,
      idleTimeout: Infinity,
      startTimeout: 0.5,
      taskTimeout: 1,
      queueTimeout: 2,
      killGrace: 3,
      maxQueueSize: 4,
      maxQueueBytes: '5KiB',
      maxBodySize: '6KiB',
      maxTasksPerWorker: 7,
      maxWorkerLifetime: 8,
      maxWorkerMemory: '9MiB',
      retries: { attempts: 2, backoff: 10, on: ['timeout'] },
      initData: { model: 'small' },
    });
    expect(options).toMatchObject({
      name: 'thumbs',
      output: 'event',
      keepAlive: true,
      maxBodySize: 6144,
      maxWorkerMemory: 9 * 2 ** 20,
      core: {
        minWorkers: 0,
        maxWorkers: 3,
        concurrency: 2,
        sendAhead: false,
        idleTimeout: Infinity,
        startTimeout: 0.5,
        killGrace: 3,
        maxQueueSize: 4,
        maxQueueBytes: 5120,
        maxTasksPerWorker: 7,
        maxWorkerLifetime: 8,
      },
      tasks: { taskTimeout: 1, queueTimeout: 2, retries: { attempts: 2, backoff: 10, on: ['timeout'] } },
      worker: { poolName: 'thumbs', maxBodySize: 6144, concurrency: 2 },
    });
    expect(new TextDecoder().decode(options.worker.initData)).toBe('{"model":"small"}');
  });

  test('for retries without on and backoff is for crashes, at once', () => {
    expect(resolved({ retries: { attempts: 1 } }).tasks.retries).toEqual({ attempts: 1, backoff: 0, on: ['crash'] });
  });

  test('as no attempts means no retries', () => {
    expect(resolved({ retries: { attempts: 0, on: ['timeout'] } }).tasks.retries).toBeUndefined();
  });

  test("as isolation 'task' means one task for each worker and nothing sent ahead", () => {
    expect(resolved({ isolation: 'task' }).core).toMatchObject({ maxTasksPerWorker: 1, sendAhead: false });
    expect(resolved({ isolation: 'task', maxTasksPerWorker: 1, concurrency: 1 }).core.maxTasksPerWorker).toBe(1);
    expect(resolved({ isolation: 'pool' }).core).toMatchObject({ maxTasksPerWorker: Infinity, sendAhead: true });
  });

  test("as isolation 'tenant' means workers that serve one tenant, which is nothing new where each serves one task", () => {
    const isolated = resolved({ isolation: 'tenant', concurrency: 1 }).core;
    expect(isolated).toMatchObject({ isolateTenants: true, maxTasksPerWorker: Infinity, sendAhead: true });
    expect(resolved({ isolation: 'tenant', concurrency: 4 }).core).toMatchObject({
      isolateTenants: true,
      concurrency: 4,
    });
    expect(resolved({ isolation: 'tenant', protocol: 'lines' }).core.isolateTenants).toBe(true);
    expect(resolved({ isolation: 'tenant', protocol: 'exec' }).core).toMatchObject({
      isolateTenants: false,
      maxTasksPerWorker: 1,
    });
    for (const isolation of ['pool', 'task'] as const) expect(resolved({ isolation }).core.isolateTenants).toBe(false);
  });

  test('is copied: what the caller changes later changes nothing', () => {
    const command = ['./worker', 'a'];
    const options = resolved({ command });
    command[1] = 'b';
    expect(options.worker.command).toEqual(['./worker', 'a']);
  });

  test('as null for initData is JSON null, and nothing where it is undefined', () => {
    expect(resolved({ initData: null }).worker.initData).toEqual(new TextEncoder().encode('null'));
    expect(resolved({ initData: undefined }).worker.initData).toBeUndefined();
  });

  test('as cwd is made absolute, from a path or a URL', () => {
    expect(resolved({ cwd: 'sub' }).worker.cwd).toBe(resolve('sub'));
    expect(resolved({ cwd: pathToFileURL('/tmp/a b') }).worker.cwd).toBe(resolve('/tmp/a b'));
    expect(resolved({ cwd: pathToFileURL('/tmp/a b').href }).worker.cwd).toBe(resolve('/tmp/a b'));
  });
});

const TIMES = ['idleTimeout', 'startTimeout', 'taskTimeout', 'queueTimeout', 'killGrace', 'maxWorkerLifetime'] as const;

describe.each(TIMES)('%s', (option) => {
  test.each([
    [0, '0'],
    [-5, '-5'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    ['5s', "'5s'"],
    [5n, '5n'],
    [null, 'null'],
    [true, 'true'],
  ])('refuses %o', (value, shown) => {
    expect(refusal({ [option]: value })).toMatchObject({
      option,
      value,
      message: `${option}: expected milliseconds > 0 or Infinity, got ${shown}`,
    });
  });
});

const cyclic: Record<string, unknown> = {};
cyclic.self = { cyclic };

/** What is wrong, the path of the option, the whole message behind it. */
const REFUSED: [options: Record<string, unknown>, option: string, message: string][] = [
  // names
  [{ maxWorker: 2 }, 'maxWorker', "unknown option, the nearest known one is 'maxWorkers'"],
  [{ maxworkers: 2 }, 'maxworkers', "unknown option, the nearest known one is 'maxWorkers'"],
  [{ taskTimeuot: 2 }, 'taskTimeuot', "unknown option, the nearest known one is 'taskTimeout'"],
  [{ idle: 2 }, 'idle', "unknown option, the nearest known one is 'idleTimeout'"],
  [{ retries: { atempts: 2 } }, 'retries.atempts', "unknown option, the nearest known one is 'retries.attempts'"],
  [{ resources: { memroy: 2 } }, 'resources.memroy', "unknown option, the nearest known one is 'resources.memory'"],
  [{ dev: { inspekt: true } }, 'dev.inspekt', "unknown option, the nearest known one is 'dev.inspect'"],
  [
    { onLimitUnavailable: { cpu: 'warn' } },
    'onLimitUnavailable.cpu',
    "unknown option, the nearest known one is 'onLimitUnavailable.cpus'",
  ],
  [
    { profiles: { night: { resources: { cpurate: 1 } } } },
    'profiles.night.resources.cpurate',
    "unknown option, the nearest known one is 'profiles.night.resources.cpuRate'",
  ],
  [{ 'max\nWorkers': 2 }, 'max\nWorkers', "unknown option, the nearest known one is 'maxWorkers'"],
  // numbers of workers
  [{ minWorkers: -1 }, 'minWorkers', 'expected an integer >= 0, got -1'],
  [{ minWorkers: 1.5 }, 'minWorkers', 'expected an integer >= 0, got 1.5'],
  [{ minWorkers: '1' }, 'minWorkers', "expected an integer >= 0, got '1'"],
  [{ maxWorkers: 0 }, 'maxWorkers', 'expected an integer >= 1, got 0'],
  [{ maxWorkers: -2 }, 'maxWorkers', 'expected an integer >= 1, got -2'],
  [{ maxWorkers: Number.NaN }, 'maxWorkers', 'expected an integer >= 1, got NaN'],
  [{ maxWorkers: Infinity }, 'maxWorkers', 'expected an integer >= 1, got Infinity'],
  [{ minWorkers: 4, maxWorkers: 2 }, 'maxWorkers', 'expected an integer >= minWorkers, which is 4, got 2'],
  [{ concurrency: 0 }, 'concurrency', 'expected an integer from 1 to 4294967295, got 0'],
  [{ concurrency: Infinity }, 'concurrency', 'expected an integer from 1 to 4294967295, got Infinity'],
  [{ isolation: 'task', concurrency: 2 }, 'concurrency', "expected 1, as isolation is 'task', got 2"],
  [{ isolation: 'task', maxTasksPerWorker: 5 }, 'maxTasksPerWorker', "expected 1, as isolation is 'task', got 5"],
  [{ threadsPerWorker: 0 }, 'threadsPerWorker', "expected an integer >= 1 or 'auto', got 0"],
  [{ threadsPerWorker: 'all' }, 'threadsPerWorker', "expected an integer >= 1 or 'auto', got 'all'"],
  // limits
  [{ maxQueueSize: 0 }, 'maxQueueSize', 'expected an integer >= 1 or Infinity, got 0'],
  [{ maxTasksPerWorker: 1.5 }, 'maxTasksPerWorker', 'expected an integer >= 1 or Infinity, got 1.5'],
  [{ maxBodySize: '4GiB' }, 'maxBodySize', "expected at most 4294967295 bytes, got '4GiB'"],
  [{ maxBodySize: Infinity }, 'maxBodySize', 'expected at most 4294967295 bytes, got Infinity'],
  [
    { maxQueueBytes: '64MB' },
    'maxQueueBytes',
    "expected bytes, an integer > 0, or a string with the unit B, KiB, MiB or GiB, such as '64MiB', got '64MB'; did you mean '64MiB'?",
  ],
  // choices and flags
  [{ output: 'stdout' }, 'output', "expected 'prefix' or 'inherit' or 'event', got 'stdout'"],
  [{ protocol: 'json' }, 'protocol', "expected 'frames' or 'lines' or 'exec', got 'json'"],
  [{ isolation: 'none' }, 'isolation', "expected 'pool' or 'tenant' or 'task', got 'none'"],
  [{ keepAlive: 1 }, 'keepAlive', 'expected true or false, got 1'],
  [{ sendAhead: 'yes' }, 'sendAhead', "expected true or false, got 'yes'"],
  [{ onLimitUnavailable: 'ignore' }, 'onLimitUnavailable', "expected 'fail' or 'warn', got 'ignore'"],
  [{ onLimitUnavailable: 1 }, 'onLimitUnavailable', "expected 'fail', 'warn' or an object of these by limit, got 1"],
  [{ onLimitUnavailable: { memory: true } }, 'onLimitUnavailable.memory', "expected 'fail' or 'warn', got true"],
  // the name
  [{ name: '' }, 'name', "expected 1 to 200 characters in one line, got ''"],
  [{ name: 'a\nb' }, 'name', "expected 1 to 200 characters in one line, got 'a\\nb'"],
  [{ name: Symbol('x') }, 'name', 'expected 1 to 200 characters in one line, got Symbol(x)'],
  // retries
  [{ retries: 3 }, 'retries', 'expected an object, got 3'],
  [{ retries: {} }, 'retries.attempts', 'expected an integer >= 0, got undefined'],
  [{ retries: { attempts: -1 } }, 'retries.attempts', 'expected an integer >= 0, got -1'],
  [{ retries: { attempts: Infinity } }, 'retries.attempts', 'expected an integer >= 0, got Infinity'],
  [{ retries: { attempts: 1, backoff: -1 } }, 'retries.backoff', 'expected milliseconds >= 0, got -1'],
  [{ retries: { attempts: 1, backoff: Number.NaN } }, 'retries.backoff', 'expected milliseconds >= 0, got NaN'],
  [{ retries: { attempts: 1, on: 'crash' } }, 'retries.on', "expected an array of causes, got 'crash'"],
  [
    { retries: { attempts: 1, on: ['crash', 'exit'] } },
    'retries.on[1]',
    "expected 'crash' or 'timeout' or 'failure' or 'memory', got 'exit'",
  ],
  // init data that JSON would change
  [{ initData: { at: new Date(0) } }, 'initData', 'a Date at /at: JSON cannot carry it unchanged'],
  [{ initData: new Map() }, 'initData', 'a Map at the top of the value: JSON cannot carry it unchanged'],
  [{ initData: { a: [1, undefined] } }, 'initData', 'undefined at /a/1: JSON cannot carry it unchanged'],
  [{ initData: { big: 10n } }, 'initData', 'a bigint at /big: JSON cannot carry it unchanged'],
  [{ initData: { rate: Number.NaN } }, 'initData', 'NaN at /rate: JSON cannot carry it unchanged'],
  [{ initData: () => 1 }, 'initData', 'a function at the top of the value: JSON cannot carry it unchanged'],
  [{ initData: cyclic }, 'initData', 'a circular reference at /self/cyclic: JSON cannot carry it unchanged'],
  [{ initData: { key: new Uint8Array(3) } }, 'initData', 'holds a Uint8Array, which JSON cannot carry unchanged'],
  [{ initData: 'x'.repeat(20), maxBodySize: 10 }, 'initData', 'has 22 bytes as JSON, maxBodySize is 10'],
  [{ protocol: 'lines', concurrency: 2 }, 'concurrency', "expected 1, as protocol is 'lines', got 2"],
  [{ protocol: 'exec', maxTasksPerWorker: 9 }, 'maxTasksPerWorker', "expected 1, as protocol is 'exec', got 9"],
  [{ protocol: 'exec', initData: 1 }, 'initData', "1 does not go with protocol 'exec': nobody would read it"],
  [
    { protocol: 'lines', sendAhead: true },
    'sendAhead',
    "true does not go with protocol 'lines': such a program can not say which task it has begun",
  ],
  [
    { dev: { watch: ['/nowhere'] } },
    'dev.watch[0]',
    `expected a file or folder that exists, got ${inspect(resolve('/nowhere'))}`,
  ],
  [{ dev: { watch: [7] } }, 'dev.watch[0]', 'expected a string without NUL characters, got 7'],
  [{ dev: { inspect: 'on' } }, 'dev.inspect', "expected true, false or 'brk', got 'on'"],
  [{ dev: { watch: 'src' } }, 'dev.watch', "expected true, false or an array of paths, got 'src'"],
  [
    { resources: { priority: 'low' } },
    'resources.priority',
    "expected 'idle' or 'below-normal' or 'normal' or 'above-normal' or 'high', got 'low'",
  ],
  [{ resources: { cpus: [] } }, 'resources.cpus', 'expected at least one CPU number, got []'],
  [{ resources: { cpus: [0, -1] } }, 'resources.cpus[1]', 'expected an integer >= 0, got -1'],
  [{ resources: { cpuRate: 0 } }, 'resources.cpuRate', 'expected a number of CPUs >= 0.001, such as 0.5, got 0'],
  [{ resources: { maxProcesses: 0 } }, 'resources.maxProcesses', 'expected an integer >= 1, got 0'],
  [{ profiles: { night: 5 } }, 'profiles.night', 'expected an object, got 5'],
  [{ profiles: { night: { schedule: 5 } } }, 'profiles.night.schedule', 'expected a string, got 5'],
  [
    { profiles: { night: { schedule: 'at ten' } } },
    'profiles.night.schedule',
    "expected a cron pattern, minute hour day month weekday, such as '0 22 * * *', got 'at ten'",
  ],
  [
    { profiles: { night: { schedule: '0 22 * * *', timeZone: 'Taipei' } } },
    'profiles.night.timeZone',
    "expected the name of a time zone, such as 'Asia/Taipei', got 'Taipei'",
  ],
  [
    { minWorkers: 3, maxWorkers: 4, profiles: { night: { maxWorkers: 2 } } },
    'profiles.night.maxWorkers',
    'expected an integer >= minWorkers, which is 3, got 2',
  ],
  [{ profiles: { night: { timeZone: 'UTC' } } }, 'profiles.night.timeZone', 'goes with a schedule, and there is none'],
  // the program
  [{ command: 'node w.js' }, 'command', "expected a non-empty array of strings, the executable first, got 'node w.js'"],
  [{ command: [] }, 'command', 'expected a non-empty array of strings, the executable first, got []'],
  [{ command: ['', 'a'] }, 'command', "expected a non-empty array of strings, the executable first, got [ '', 'a' ]"],
  [{ command: ['node', 5] }, 'command[1]', 'expected a string without NUL characters, got 5'],
  [{ command: ['node', 'a\0b'] }, 'command[1]', "expected a string without NUL characters, got 'a\\x00b'"],
  [
    { command: ['C:\\tools\\thing.CMD'] },
    'command',
    "'C:\\tools\\thing.CMD' is a batch file, which only a shell can run, and there is none here; name the program that it starts, as in [process.execPath, 'script.js']",
  ],
  [{ command: undefined }, 'command', 'expected an array of strings, or the option worker instead, got neither'],
  [{ command: ['./w'], worker: pathToFileURL('/w.js') }, 'worker', 'expected either command or worker, got both'],
  [
    { worker: './w.js' },
    'worker',
    "expected a file: URL or an absolute path, got './w.js'; for a file beside yours: new URL('./w.js', import.meta.url)",
  ],
  [
    { worker: 'lib/w.js' },
    'worker',
    "expected a file: URL or an absolute path, got 'lib/w.js'; for a file beside yours: new URL('./lib/w.js', import.meta.url)",
  ],
  [
    { worker: 42 },
    'worker',
    "expected a file: URL or an absolute path, got 42; for a file beside yours: new URL('./w.js', import.meta.url)",
  ],
  [
    { worker: 'https://example.org/w.js' },
    'worker',
    "expected a file: URL or an absolute path, got 'https://example.org/w.js'; for a file beside yours: new URL('./w.js', import.meta.url)",
  ],
  [{ execArgv: ['--expose-gc'] }, 'execArgv', 'goes with the option worker only; with command, put the flags into it'],
  [
    { worker: pathToFileURL('/w.js'), execArgv: '--expose-gc' },
    'execArgv',
    "expected an array of strings, got '--expose-gc'",
  ],
  [
    { worker: "it's.js" },
    'worker',
    "expected a file: URL or an absolute path, got \"it's.js\"; for a file beside yours: new URL('./w.js', import.meta.url)",
  ],
  [{ cwd: '' }, 'cwd', "expected a path or a file: URL, got ''"],
  [{ cwd: 5 }, 'cwd', 'expected a path or a file: URL, got 5'],
  [{ cwd: 'a\0' }, 'cwd', "expected a path or a file: URL, got 'a\\x00'"],
  [{ inheritEnv: 'PATH' }, 'inheritEnv', "expected true, false or an array of names, got 'PATH'"],
  [{ inheritEnv: [5] }, 'inheritEnv[0]', 'expected a string without NUL characters, got 5'],
  [{ env: { PORT: 8080 } }, 'env.PORT', 'expected a string, got 8080'],
  [{ env: { A: 'a\0' } }, 'env.A', "expected a string without NUL characters, got 'a\\x00'"],
  [{ env: { 'A=B': 'c' } }, 'env', "expected names without '=' and NUL characters, got 'A=B'"],
  [{ env: { OSTLER_SLOT: '1' } }, 'env.OSTLER_SLOT', 'the pool itself sets this variable'],
  [{ env: ['A=b'] }, 'env', "expected an object, got [ 'A=b' ]"],
];

describe('what is wrong', () => {
  for (const [options, option, message] of REFUSED) {
    test(`is told by: ${option}: ${message}`, () => {
      const error = refusal(options);
      expect(error.message).toBe(`${option.replace('\n', ' ')}: ${message}`);
      expect(error.option).toBe(option);
      expect(error.code).toBe('ERR_INVALID_OPTION');
      expect(error.name).toBe('InvalidOptionError');
    });
  }

  test('keeps its value in the error', () => {
    const value = { attempts: 'many' };
    expect(refusal({ retries: value }).value).toBe('many');
  });

  test('keeps the path of init data in the cause', () => {
    expect(refusal({ initData: { at: new Date(0) } }).cause).toMatchObject({ name: 'JsonValueError', path: '/at' });
  });

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['./w.js', "'./w.js'"],
    [[], '[]'],
    [new Map(), 'Map(0) {}'],
  ])('are options that are %o', (options, shown) => {
    expect(() => resolveOptions(options as unknown as PoolOptions, SURROUNDINGS)).toThrow(
      new InvalidOptionError({ option: 'options', value: options, expected: 'an object' }),
    );
    expect(() => resolveOptions(options as unknown as PoolOptions, SURROUNDINGS)).toThrow(
      `options: expected an object, got ${shown}`,
    );
  });
});

describe('what any machine can do', () => {
  test.each([
    { protocol: 'frames' },
    { isolation: 'tenant' },
    { resources: {} },
    { profiles: {} },
    { onLimitUnavailable: 'fail' },
  ])('makes no warning: %o', (options) => {
    expect(resolved(options).warnings).toEqual([]);
  });
});

describe('threadsPerWorker', () => {
  test('unset leaves the environment as it is', () => {
    expect(resolved({}).worker.inheritedEnv).toEqual(SURROUNDINGS.env);
  });

  test('is told to libraries and runtimes, but what is given already stays', () => {
    const env = { OMP_NUM_THREADS: '7' };
    const { inheritedEnv, env: own } = resolved({ threadsPerWorker: 1, env: { GOMAXPROCS: '5' } }, { env }).worker;
    expect({ ...inheritedEnv, ...own }).toMatchObject({
      OMP_NUM_THREADS: '7',
      GOMAXPROCS: '5',
      OPENBLAS_NUM_THREADS: '1',
      MKL_NUM_THREADS: '1',
      NUMEXPR_NUM_THREADS: '1',
      RAYON_NUM_THREADS: '1',
      DOTNET_PROCESSOR_COUNT: '1',
      UV_THREADPOOL_SIZE: '2',
    });
  });

  test("as 'auto' shares the CPUs among the workers, at least one for each", () => {
    const threads = (maxWorkers: number) =>
      resolved({ threadsPerWorker: 'auto', maxWorkers }, { cpus: 8 }).worker.inheritedEnv.OMP_NUM_THREADS;
    expect([threads(1), threads(3), threads(8), threads(20)]).toEqual(['8', '2', '1', '1']);
  });
});

test('the shipped host is found', () => {
  const { command } = resolveOptions({ worker: join(process.cwd(), 'w.js') }).worker;
  expect(command.at(-2)).toMatch(/worker[\\/](src|dist)[\\/]host\.[jt]s$/);
});
