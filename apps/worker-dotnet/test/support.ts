import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type PoolOptions, ProcessPool } from '@ostler/pool';
import { afterEach } from 'vitest';

type CommandLine = [string, ...string[]];

/** A file that the build has made, under dist/bin. */
export function built(path: string): string {
  return fileURLToPath(new URL(`../dist/bin/${path}`, import.meta.url));
}

export const MODERN_HOST: CommandLine = [built('Ostler.Host/release_net8.0/ostler-host')];
export const FRAMEWORK_HOST: CommandLine = ['mono', built('Ostler.Host/release_net472/ostler-host.exe')];
export const FIXTURES: CommandLine = [built('Ostler.Fixtures/release_net10.0/fixtures')];
/** The same handlers as task assemblies. */
export const FIXTURES_DLL = built('Ostler.Fixtures/release_net10.0/fixtures.dll');
export const FRAMEWORK_FIXTURES = built('Ostler.Fixtures/release_net472/fixtures.exe');
export const HELLO = built('HelloTask/release/HelloTask.dll');
export const LEGACY = built('LegacyTask/release/LegacyTask.dll');

/** Built by `dotnet`, which needs the .NET SDK 10. */
export const isBuilt = existsSync(HELLO);
/** Mono stands in for .NET Framework; netstandard.dll is in Debian's package mono-devel. */
export const hasMono = isBuilt && spawnSync('mono', ['--version']).status === 0;

const pools: ProcessPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
});

export function open(command: CommandLine, options: Partial<PoolOptions> = {}): ProcessPool {
  const pool = new ProcessPool({ command, maxWorkers: 1, output: 'event', ...options });
  pools.push(pool);
  return pool;
}
