import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where `scripts/publish-windows.mjs` leaves the fixtures, with the runtime inside. */
const MADE = join('apps', 'worker-dotnet', 'dist', 'windows', 'fixtures');

/** Publishes the .NET fixtures for Windows, with what the last build of them in `root` has left, and puts them in the copy of the workspace. */
export async function buildDotnetWorkers(root: string, workspace: string): Promise<void> {
  const script = join('apps', 'worker-dotnet', 'scripts', 'publish-windows.mjs');
  await run(process.execPath, [join(root, script)]);
  await cp(join(root, MADE), join(workspace, MADE), { recursive: true });
}

/** What publishing needs and this machine lacks; undefined where nothing is missing. */
export async function whatDotnetNeeds(root: string): Promise<string | undefined> {
  const script = join(root, 'apps', 'worker-dotnet', 'scripts', 'dotnet.mjs');
  const { hasDotnet } = (await import(pathToFileURL(script).href)) as { hasDotnet(): boolean };
  return hasDotnet() ? undefined : 'the .NET SDK 10';
}
