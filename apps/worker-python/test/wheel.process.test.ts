import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ProcessPool } from '@ostler/pool';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPython } from './find-python.js';

const python = findPython();
const hasVenv = python !== undefined && spawnSync(python, ['-c', 'import ensurepip, venv']).status === 0;
const HERE = fileURLToPath(new URL('..', import.meta.url));
/** Milliseconds: pip alone takes several seconds on a busy machine. */
const PATIENCE = 300_000;
const run = promisify(execFile);

describe.skipIf(!hasVenv)('the wheel of the Python SDK (needs python3 and, on Debian, python3-venv)', () => {
  let folder = '';
  let installed = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ostler-wheel-'));
    await run(python as string, ['-m', 'venv', join(folder, 'venv')]);
    installed = join(folder, 'venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  }, PATIENCE);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is built and installed by pip without a network, and is a worker of a pool', { timeout: PATIENCE }, async () => {
    const wheels = join(folder, 'wheels');
    await run(installed, ['-m', 'pip', 'wheel', '--no-index', '--no-deps', '-w', wheels, HERE]);
    const [wheel = ''] = await readdir(wheels);
    expect(wheel).toMatch(/^ostler_worker-\d+\.\d+\.\d+-py3-none-any\.whl$/);
    await run(installed, ['-m', 'pip', 'install', '--no-index', join(wheels, wheel)]);
    const shown = await run(installed, ['-m', 'pip', 'show', '-f', 'ostler-worker']);
    for (const file of ['__main__.py', 'py.typed']) expect(shown.stdout).toContain(join('ostler_worker', file));
    const command = [installed, '-m', 'ostler_worker', 'textwrap:indent', 'base64:b64encode'] as const;
    const pool = new ProcessPool({ command: [...command], cwd: folder, maxWorkers: 1, output: 'event' });
    try {
      expect(Buffer.from(await pool.run('hello', { handler: 'b64encode' })).toString()).toBe('aGVsbG8=');
    } finally {
      await pool.destroy();
    }
  });

  it('has a source archive, and an install that follows the sources', { timeout: PATIENCE }, async () => {
    const build = 'import backend, sys; print(backend.build_sdist(sys.argv[1]))';
    const env = { ...process.env, PYTHONPATH: join(HERE, 'packaging'), PYTHONDONTWRITEBYTECODE: '1' };
    const { stdout } = await run(installed, ['-c', build, folder], { env });
    await run(installed, ['-m', 'pip', 'install', '--no-index', '--force-reinstall', join(folder, stdout.trim())]);
    await run(installed, ['-m', 'pip', 'install', '--no-index', '--force-reinstall', '-e', HERE]);
    const place = await run(installed, ['-c', 'import ostler_worker; print(ostler_worker.__file__)'], { cwd: folder });
    expect(place.stdout.trim()).toBe(join(HERE, 'ostler_worker', '__init__.py'));
  });
});
