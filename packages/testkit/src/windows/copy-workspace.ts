import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PNPM = 'pnpm@10.34.9';
const INSTALL_MS = 240_000;
/** What the copy gets from its own installation, or has no use for; what this platform's compilers have made among it. */
const LEFT_OUT = new Set(['node_modules', '.git', '.turbo', 'build', 'build-windows']);
const LEFT_OUT_PATHS = new Set([join('apps', 'worker-dotnet', 'dist')]);
const PARENTS = ['packages', 'apps', 'examples'];

/**
 * Copies the built workspace and installs in it what Windows needs. Links would be folders to a program under Wine, which
 * could not tell a package that it has met under two paths: so dependencies lie flat, and each package of ours has one link.
 */
export async function copyWorkspace(root: string, copy: string): Promise<void> {
  const isWanted = (source: string): boolean =>
    !LEFT_OUT.has(basename(source)) && !LEFT_OUT_PATHS.has(relative(root, source));
  await cp(root, copy, { recursive: true, filter: isWanted });
  const flags = ['--os=win32', '--cpu=x64', '--config.node-linker=hoisted', '--prefer-offline', '--frozen-lockfile'];
  await run('npx', ['-y', PNPM, 'install', ...flags], { cwd: copy, timeout: INSTALL_MS });
  await linkPackages(copy);
}

async function linkPackages(copy: string): Promise<void> {
  const folders = ['native', 'bench'];
  for (const parent of PARENTS) {
    for (const name of await readdir(join(copy, parent))) folders.push(join(parent, name));
  }
  await mkdir(join(copy, 'node_modules', '@ostler'), { recursive: true });
  for (const folder of folders) {
    await rm(join(copy, folder, 'node_modules', '@ostler'), { recursive: true, force: true });
    const { name } = JSON.parse(await readFile(join(copy, folder, 'package.json'), 'utf8')) as { name: string };
    const link = join(copy, 'node_modules', name);
    await rm(link, { recursive: true, force: true });
    await symlink(join(copy, folder), link);
  }
}
