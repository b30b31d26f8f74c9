import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type CommandLine = [string, ...string[]];

/** A worker that another package of the workspace builds, where this machine has the tools for it. */
export interface BuiltWorker {
  readonly language: string;
  readonly command: CommandLine;
  /** The file that is missing, and what builds it; undefined where the worker is there. */
  readonly missing: string | undefined;
}

/** The C++ worker that hashes what it gets, by OpenSSL where the machine has it. */
export function cppWorker(): BuiltWorker {
  const program = inApps('worker-cpp/dist/fixtures');
  return {
    language: 'C++',
    command: [program, 'sha512'],
    missing: missing(program, 'cmake, a C++ compiler and `node apps/worker-cpp/scripts/build.mjs` make it'),
  };
}

/** A task assembly in C#, loaded by the host for modern .NET. */
export function dotnetWorker(): BuiltWorker {
  const host = inApps('worker-dotnet/dist/bin/Ostler.Host/release_net8.0/ostler-host');
  const assembly = inApps('worker-dotnet/dist/bin/HelloTask/release/HelloTask.dll');
  return {
    language: '.NET',
    command: [host, '--assembly', assembly, '--type', 'HelloTask'],
    missing: missing(assembly, 'the .NET SDK 10 and `node apps/worker-dotnet/scripts/build.mjs` make it'),
  };
}

function missing(file: string, remedy: string): string | undefined {
  return existsSync(file) ? undefined : `there is no ${file}: ${remedy}`;
}

function inApps(path: string): string {
  return fileURLToPath(new URL(`../../apps/${path}`, import.meta.url));
}
