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
  const tools = { linux: ['cmake', 'g++'], win32: ['cmake'] }[process.platform];
  if (tools === undefined) return `there are OS controls for linux and win32, and none for ${process.platform}`;
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  return missing.length > 0 ? `${missing.join(' and ')} is not installed` : undefined;
}

function giveUp(why) {
  rmSync(release, { recursive: true, force: true });
  mkdirSync(release, { recursive: true });
  writeFileSync(join(release, 'not-built.txt'), `${why}\n`);
  process.stderr.write(`@ostler/native: not built: ${why}\n`);
}

function compile() {
  const require = createRequire(import.meta.url);
  const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  const built = spawnSync(process.execPath, [cmakeJs, 'compile', '--log-level', 'error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (built.status === 0) return;
  process.stderr.write(`${built.stdout}${built.stderr}`);
  // That there is a compiler, Windows tells only when it is used.
  if (process.platform === 'win32') giveUp('cmake found no compiler that could build it');
  else process.exitCode = built.status ?? 1;
}

const why = obstacle();
if (why === undefined) compile();
else giveUp(why);
