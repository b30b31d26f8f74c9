import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** Whether nothing is installed in a workspace, or its lockfile or one of its manifests is younger than what is. */
export function needsInstall(root) {
  if (!existsSync(stamp(root))) return true;
  const installedAt = statSync(stamp(root)).mtimeMs;
  return manifests(root).some((file) => statSync(file).mtimeMs > installedAt);
}

/** To be called after an install: pnpm leaves its own record untouched when there was nothing to do. */
export function markInstalled(root) {
  const now = new Date();
  utimesSync(stamp(root), now, now);
}

/** What pnpm writes at the end of an install, so that one that was interrupted is done again. */
function stamp(root) {
  return join(root, 'node_modules', '.modules.yaml');
}

/** Every file that says what must be installed. */
function manifests(root) {
  const workspace = join(root, 'pnpm-workspace.yaml');
  const patterns = [...readFileSync(workspace, 'utf8').matchAll(/^\s*- ['"]?([\w./*-]+)/gm)].map((match) => match[1]);
  const folders = patterns.flatMap((pattern) => matching(root, pattern));
  const packages = ['.', ...folders].map((folder) => join(root, folder, 'package.json'));
  return [workspace, join(root, 'pnpm-lock.yaml'), ...packages].filter((file) => existsSync(file));
}

/** The folders that a pattern of pnpm-workspace.yaml names: `bench`, or `packages/*`. */
function matching(root, pattern) {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => join(parent, name)) : [];
}
