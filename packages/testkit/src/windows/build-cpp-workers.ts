import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Compiles the C++ template and its fixtures in the copy of the workspace for Windows, in place of those of this platform. */
export async function buildCppWorkers(workspace: string): Promise<void> {
  const cwd = join(workspace, 'apps', 'worker-cpp');
  await rm(join(cwd, 'dist'), { recursive: true, force: true });
  const toolchain = `-DCMAKE_TOOLCHAIN_FILE=${join(cwd, 'mingw64.cmake')}`;
  await run('cmake', ['-S', '.', '-B', 'dist', toolchain, '-DOSTLER_FIXTURES=ON', '--log-level=WARNING'], { cwd });
  await run('cmake', ['--build', 'dist', '--parallel', '2'], { cwd });
}
