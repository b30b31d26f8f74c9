// Compiles the addon and the guard into build/Release. Where that can't be done the package works without them and says
// why when it is loaded, so it is no failure here.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const release = join(root, 'build', 'Release');

/** Why there is nothing to compile here; undefined where there is. */
function obstacle() {
  if (process.platform !== 'linux') return `there is nothing to compile for ${process.platform} yet`;
  const missing = ['cmake', 'g++'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  return missing.length > 0 ? `${missing.join(' and ')} is not installed` : undefined;
}

const why = obstacle();
if (why !== undefined) {
  rmSync(release, { recursive: true, force: true });
  mkdirSync(release, { recursive: true });
  writeFileSync(join(release, 'not-built.txt'), `${why}\n`);
  process.stderr.write(`@ostler/native: not built: ${why}\n`);
} else {
  const require = createRequire(import.meta.url);
  const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  const built = spawnSync(process.execPath, [cmakeJs, 'compile', '--log-level', 'error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (built.status !== 0) process.stderr.write(`${built.stdout}${built.stderr}`);
  process.exitCode = built.status ?? 1;
}
