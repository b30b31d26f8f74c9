import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.js';
import type { Surroundings } from '../../src/launch/surroundings.js';
import { resolveOptions } from '../../src/options/resolve-options.js';
import type { ResolvedOptions } from '../../src/options/resolved-options.js';
import type { PoolOptions } from '../../src/pool-options.js';

const SURROUNDINGS: Surroundings = {
  cpus: 4,
  env: {},
  platform: 'linux',
  execPath: '/usr/bin/node',
  nodeVersion: '20.20.2',
  execArgv: ['--inspect=9229', '--expose-gc'],
  hostScript: '/ostler/host.js',
};

let folder: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ostler-dev-')));
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'lib', 'main.py'), '');
});

afterAll(() => rmSync(folder, { recursive: true }));

function resolved(options: PoolOptions, env: Record<string, string> = {}): ResolvedOptions {
  return resolveOptions(options, { ...SURROUNDINGS, env });
}

describe('the variable OSTLER_DEV', () => {
  test.each([
    ['', false, false],
    ['inspect', true, false],
    ['inspect=brk', 'brk', false],
    ['brk', 'brk', false],
    ['watch', false, true],
    [' watch, inspect ', true, true],
  ])('asks by %o', (words, inspect, watch) => {
    const { dev } = resolved({ worker: '/srv/w.js' }, { OSTLER_DEV: words });
    expect(dev.inspect).toBe(inspect);
    expect(dev.watch).toEqual(watch ? [resolve('/srv')] : []);
  });

  test('gives way to what the option says', () => {
    const { dev } = resolved({ worker: '/srv/w.js', dev: { inspect: false } }, { OSTLER_DEV: 'inspect,watch' });
    expect(dev).toMatchObject({ inspect: false, watch: [resolve('/srv')] });
  });

  test('is refused where it holds any other word', () => {
    const wrong = () => resolved({ worker: '/srv/w.js' }, { OSTLER_DEV: 'inspect,toString' });
    expect(wrong).toThrow(InvalidOptionError);
    expect(wrong).toThrow(
      "OSTLER_DEV: expected words out of inspect, inspect=brk, brk, watch, with commas between them, got 'toString'",
    );
  });
});

describe('dev.inspect', () => {
  test('gives the Node of a worker file an inspector, on a port that the system chooses', () => {
    const { worker } = resolved({ worker: '/srv/w.js', dev: { inspect: true } });
    expect(worker.command.slice(0, -2)).toEqual([
      '/usr/bin/node',
      '--inspect=0',
      '--expose-gc',
      '--enable-source-maps',
    ]);
  });

  test.each([
    [
      ['/usr/bin/node', 'w.js'],
      ['/usr/bin/node', '--inspect-brk=0', 'w.js'],
    ],
    [
      ['node', '--inspect=1', '-r', './x.js', '--inspect-port=2', 'w.js', '--inspect'],
      ['node', '--inspect-brk=0', '-r', './x.js', 'w.js', '--inspect'],
    ],
    [
      ['C:\\tools\\NODE.EXE', '--import', 'tsx', 'w.ts'],
      ['C:\\tools\\NODE.EXE', '--inspect-brk=0', '--import', 'tsx', 'w.ts'],
    ],
  ])('gives one to the command %o', (command, inspected) => {
    const options = { command: command as [string, ...string[]], dev: { inspect: 'brk' } } as const;
    const { worker, warnings } = resolved(options);
    expect(worker.command).toEqual(inspected);
    expect(warnings).toEqual([]);
  });

  test('takes other inspectors out of all flags that a worker gets', () => {
    const options = { execArgv: ['--inspect-brk', '--expose-gc'], env: { NODE_OPTIONS: '--inspect --no-warnings' } };
    const { worker } = resolved(
      { worker: '/srv/w.js', ...options, dev: { inspect: true } },
      { NODE_OPTIONS: '--inspect=0.0.0.0:9229 --throw-deprecation' },
    );
    expect(worker.command.slice(1, 3)).toEqual(['--inspect=0', '--expose-gc']);
    expect(worker.env.NODE_OPTIONS).toBe('--no-warnings');
    expect(worker.inheritedEnv.NODE_OPTIONS).toBe('--throw-deprecation');
  });

  test.each([[['python3', 'w.py']], [['npx', 'tsx', 'w.ts']], [['/opt/nodes/run', 'w']]])(
    'warns that %o is not node, and names the recipe',
    (command) => {
      const { worker, warnings } = resolved({ command: command as [string, string], dev: { inspect: true } });
      expect(worker.command).toEqual(command);
      const [warning] = warnings.map(({ message }) => message);
      expect(warning).toMatch(/^dev\.inspect: the inspector is Node's, and \S+ is not node: .*docs\/recipes\.md/);
    },
  );

  test('means one worker and no time-outs, in every profile and for every task', () => {
    const { core, tasks, profiles, dev } = resolved({
      worker: '/srv/w.js',
      minWorkers: 0,
      maxWorkers: 8,
      startTimeout: 5,
      taskTimeout: 5,
      queueTimeout: 5,
      maxWorkerLifetime: 5,
      profiles: { night: { maxWorkers: 3 } },
      dev: { inspect: true },
    });
    const times = { startTimeout: Infinity, maxWorkerLifetime: Infinity };
    expect(core).toMatchObject({ minWorkers: 1, maxWorkers: 1, ...times });
    expect(tasks).toMatchObject({ taskTimeout: Infinity, queueTimeout: Infinity, isTimed: false });
    expect(profiles.get('night')?.size).toEqual({ minWorkers: 1, maxWorkers: 1 });
    expect(dev.trial).toMatchObject({ startTimeout: 5 });
    expect(dev.trial.worker.command).not.toContain('--inspect=0');
  });
});

describe('dev.watch', () => {
  const watched = (options: PoolOptions): string[] => resolved(options).dev.watch;
  const dev = { watch: true };

  test("means the folder of a worker's file, wherever that is", () => {
    expect(watched({ worker: '/srv/lib/w.js', cwd: '/elsewhere', dev })).toEqual([resolve('/srv/lib')]);
  });

  test("means the folder of a command's script", () => {
    const command = ['python3', '-u', 'lib/main.py', '--fast'] as const;
    expect(watched({ command, cwd: folder, dev })).toEqual([join(folder, 'lib')]);
  });

  test('means the working directory where a command has no script', () => {
    expect(watched({ command: ['python3', '-m', 'main'], cwd: folder, dev })).toEqual([folder]);
    expect(watched({ command: ['./build/worker'], dev })).toEqual([process.cwd()]);
  });

  test('means the paths that it names, from the working directory on', () => {
    const named = { watch: ['lib', 'lib/main.py'] };
    const paths = [join(folder, 'lib'), join(folder, 'lib', 'main.py')];
    expect(watched({ worker: '/srv/w.js', cwd: folder, dev: named })).toEqual(paths);
  });

  test('has nothing to do where each task starts its own process', () => {
    expect(watched({ command: ['cat'], protocol: 'exec', dev })).toEqual([]);
  });
});
