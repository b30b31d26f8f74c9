// Builds the template and the fixtures into dist/, where there is a C++ compiler and cmake; says so where there is none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const isThere = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

function cmake(...args) {
  const { status } = spawnSync('cmake', args, { cwd: HERE, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

/** What turbo's cache brings may have been made in another folder, where cmake refuses to go on. */
function forgetOtherFolder() {
  const cache = join(HERE, 'dist', 'CMakeCache.txt');
  const home = `CMAKE_HOME_DIRECTORY:INTERNAL=${resolve(HERE)}\n`; // without a slash at its end
  if (!existsSync(cache) || readFileSync(cache, 'utf8').includes(home)) return;
  rmSync(join(HERE, 'dist'), { recursive: true });
}

if (isThere('cmake') && isThere(process.env.CXX ?? 'c++')) {
  forgetOtherFolder();
  cmake('-S', '.', '-B', 'dist', '-DOSTLER_FIXTURES=ON', '-DCMAKE_BUILD_TYPE=Release', '--log-level=WARNING');
  cmake('--build', 'dist', '--parallel', '2');
} else {
  process.stdout.write('worker-cpp: not built, as there is no cmake or no C++ compiler\n');
}
