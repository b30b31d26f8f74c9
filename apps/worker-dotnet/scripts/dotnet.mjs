// Runs the .NET SDK without its servers, which would outlive us, and without its words about itself.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const FOLDER = fileURLToPath(new URL('..', import.meta.url));

/** What makes `dotnet` quiet, and leave nothing running behind it. */
export const QUIET = {
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_CLI_USE_MSBUILD_SERVER: '0',
  DOTNET_NOLOGO: '1',
  MSBUILDDISABLENODEREUSE: '1',
  NUGET_CERT_REVOCATION_MODE: 'offline', // a restore takes 22 s otherwise where there is no way out
  UseSharedCompilation: 'false',
};

/** Whether there is an SDK that can build this: 10 or newer. */
export function hasDotnet() {
  const { status, stdout } = spawnSync('dotnet', ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, ...QUIET },
  });
  return status === 0 && Number.parseInt(stdout, 10) >= 10;
}

/** Whether Mono is here, which stands in for .NET Framework. */
export function hasMono() {
  return spawnSync('mono', ['--version']).status === 0;
}

/** Runs `dotnet` in this folder; its output goes to stdout only where it fails. Returns its exit code. */
export function dotnet(...args) {
  const options = { cwd: FOLDER, encoding: 'utf8', env: { ...process.env, ...QUIET } };
  const { status, stdout, stderr, error } = spawnSync('dotnet', args, options);
  if (status !== 0) process.stdout.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  return status ?? 1;
}
