import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where fetched Nodes stay, outside of the repository: it may be cleaned at any time. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ostler', 'nodes');

/** The path of the executable of a Node version, fetched once from the npm registry as a package of a platform, which is ours unless it is named. */
export async function fetchNode(version: string, platform: NodeJS.Platform = process.platform): Promise<string> {
  const name = `node-${platform === 'win32' ? 'win' : platform}-${process.arch}`;
  const folder = join(CACHE, `${name}-${version}`);
  const executable = join(folder, 'package', 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(executable)) return executable;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
  try {
    // npm's own command is a .cmd file on Windows, which only a shell runs; these are plain words of ours.
    const shell = process.platform === 'win32';
    const { stdout } = await run('npm', ['pack', '--silent', `${name}@${version}`], { cwd: unfinished, shell });
    await run('tar', ['-xzf', stdout.trim().split('\n').at(-1) ?? ''], { cwd: unfinished });
    // Under its own name only when it is complete; another run may have been faster.
    if (!existsSync(executable)) await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return executable;
}
