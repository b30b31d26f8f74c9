import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Surroundings } from '../../src/launch/surroundings.js';
import { hostCommand, workerUrl } from '../../src/launch/worker-module.js';

const SURROUNDINGS: Surroundings = {
  cpus: 4,
  env: {},
  platform: 'linux',
  execPath: '/usr/bin/node',
  nodeVersion: '20.20.2',
  execArgv: ['--inspect', '--expose-gc'],
  hostScript: '/ostler/host.js',
};

describe('the URL of a worker', () => {
  test.each([
    ['an absolute path', join('/srv', 'a b.js')],
    ['a file URL', pathToFileURL('/srv/a b.js')],
    ['the text of a file URL', pathToFileURL('/srv/a b.js').href],
    ['a URL of another realm', { href: pathToFileURL('/srv/a b.js').href }],
  ])('is taken from %s', (_, value) => {
    expect(workerUrl(value, 'worker').href).toBe(pathToFileURL('/srv/a b.js').href); // on Windows with a drive
  });

  test.each([
    'w.js',
    './w.js',
    'my-package/worker',
    'data:text/javascript,1',
    'file:w.js',
    process.platform === 'win32' ? 'file://x:y/w.js' : 'file://elsewhere/w.js', // there a file of another machine is one
    '/a\0b.js',
    null,
    {},
  ])('is not %o', (value) => {
    expect(() => workerUrl(value, 'worker')).toThrow(/^worker: expected a file: URL or an absolute path, got /);
  });
});

describe('the command of a worker', () => {
  const url = new URL('file:///srv/w.js');

  test("is Node with the parent's flags, the host and the file", () => {
    expect(hostCommand(url, undefined, SURROUNDINGS)).toEqual([
      '/usr/bin/node',
      '--expose-gc',
      '--enable-source-maps',
      '/ostler/host.js',
      'file:///srv/w.js',
    ]);
  });

  test('has the flags that were given instead, as they are', () => {
    const command = hostCommand(url, ['--inspect', '--enable-source-maps'], SURROUNDINGS);
    expect(command.slice(1, -2)).toEqual(['--inspect', '--enable-source-maps']);
    expect(hostCommand(url, [], SURROUNDINGS).slice(1, -2)).toEqual(['--enable-source-maps']);
  });
});

describe('a worker in TypeScript', () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'ostler-ts-')));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function flags(file: string, { execArgv = [], ...rest }: Partial<Surroundings> = {}): string[] {
    const command = hostCommand(pathToFileURL(join(folder, file)), execArgv, { ...SURROUNDINGS, ...rest });
    return command.slice(1, -3); // without --enable-source-maps, the host and the file
  }

  function installTsx(): string {
    const home = join(folder, 'node_modules', 'tsx');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'tsx', exports: './loader.mjs' }));
    writeFileSync(join(home, 'loader.mjs'), '');
    return pathToFileURL(join(home, 'loader.mjs')).href;
  }

  test.each(['22.18.0', '22.20.1', '23.6.0', '24.0.0', '26.3.0'])('is run by Node %s as it is', (nodeVersion) => {
    installTsx();
    for (const file of ['w.ts', 'w.mts', 'w.cts']) expect(flags(file, { nodeVersion })).toEqual([]);
  });

  test.each(['20.20.2', '22.17.9', '23.5.0', '21.0.0'])('is run by the tsx that it finds on Node %s', (nodeVersion) => {
    const loader = installTsx();
    expect(flags('w.ts', { nodeVersion })).toEqual(['--import', loader]);
  });

  test('with JSX, or with Node told not to, is run by tsx always', () => {
    const loader = installTsx();
    expect(flags('w.tsx', { nodeVersion: '24.0.0' })).toEqual(['--import', loader]);
    const told = ['--no-experimental-strip-types'];
    expect(flags('w.ts', { nodeVersion: '24.0.0', execArgv: told })).toEqual([...told, '--import', loader]);
  });

  test('is left to the flags that already load it', () => {
    expect(flags('w.ts', { execArgv: ['--import', 'tsx'] })).toEqual(['--import', 'tsx']);
    const stripping = { nodeVersion: '22.10.0', execArgv: ['--experimental-strip-types'] };
    expect(flags('w.ts', stripping)).toEqual(['--experimental-strip-types']);
    expect(flags('w.ts', { env: { NODE_OPTIONS: '--import=tsx' } })).toEqual([]);
  });

  test('is refused where neither can run it', () => {
    expect(() => flags('w.ts')).toThrow(
      `worker: Node 20.20.2 cannot run ${join(folder, 'w.ts')}: compile it, ` +
        'or install tsx where the file finds it, or use Node 22.18 or newer',
    );
  });

  test('is nothing but a file that ends so', () => {
    expect(flags('w.ts.js')).toEqual([]);
    expect(flags('w.d.js')).toEqual([]);
  });
});
