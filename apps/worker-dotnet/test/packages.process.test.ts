import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUIET } from '../scripts/dotnet.mjs';
import { HELLO, hasMono, isBuilt, open } from './support.js';

const FEED = fileURLToPath(new URL('../dist/packages', import.meta.url));
const PROGRAM = `
using System.Security.Cryptography;
using Ostler;

return new Worker()
    .Handle("default", (byte[] body) => SHA512.HashData(body))
    .Handle("greet", (string name) => $"Hello, {name}!")
    .Run();
`;

let folder = '';

function dotnet(...args: string[]): string {
  return execFileSync('dotnet', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...QUIET } });
}

/** What we have packed goes to a cache of its own: another build of the same version may be in the user's. */
async function useFeed(): Promise<void> {
  const cache = dotnet('nuget', 'locals', 'global-packages', '--list')
    .replace(/^.*?: /, '')
    .trim();
  const config = `<configuration>
    <config><add key="globalPackagesFolder" value="${join(folder, 'cache')}" /></config>
    <fallbackPackageFolders><add key="user" value="${cache}" /></fallbackPackageFolders>
    <packageSources><add key="ostler" value="${FEED}" /></packageSources>
  </configuration>`;
  await writeFile(join(folder, 'NuGet.config'), config);
}

describe.skipIf(!isBuilt)('packages from a folder feed (needs the .NET SDK 10)', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ostler-nuget-'));
    await useFeed();
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('make a worker of a fresh console program', { timeout: 240_000 }, async () => {
    dotnet('new', 'console', '--no-restore', '--output', 'Shop');
    dotnet('add', 'Shop', 'package', 'Ostler.Worker');
    await writeFile(join(folder, 'Shop', 'Program.cs'), PROGRAM);
    dotnet('build', 'Shop', '--output', 'out');
    const pool = open([join(folder, 'out', 'Shop')]);
    const body = Buffer.from('fresh');
    expect(Buffer.from(await pool.run(body))).toEqual(createHash('sha512').update(body).digest());
    expect(await pool.call('greet', 'Ada')).toBe('Hello, Ada!');
  });

  it('bring ostler-host as a tool', { timeout: 240_000 }, async () => {
    dotnet('tool', 'install', 'Ostler.Host', '--tool-path', 'tools');
    const pool = open([join(folder, 'tools', 'ostler-host'), '--assembly', HELLO, '--type', 'HelloTask']);
    expect(await pool.call('Greet', 'Ada')).toBe('Hello, Ada!');
  });

  it.skipIf(!hasMono)('bring the host for .NET Framework (needs mono-devel)', { timeout: 240_000 }, async () => {
    dotnet('new', 'classlib', '--no-restore', '--output', 'Legacy');
    dotnet('add', 'Legacy', 'package', 'Ostler.Host.Framework');
    const host = join(folder, 'cache', 'ostler.host.framework', '0.1.0', 'tools', 'net472', 'ostler-host.exe');
    const pool = open(['mono', host, '--assembly', HELLO, '--type', 'HelloTask']);
    expect(await pool.call('Greet', 'Ada')).toBe('Hello, Ada!');
  });
});
