import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder: string;

/** A package as it is where there is nothing to compile. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-other-system-'));
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const part of ['dist', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'build', 'Release'), { recursive: true });
  writeFileSync(join(folder, 'build', 'Release', 'not-built.txt'), 'cmake is not installed\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an expression of the package's exports gives on another system. */
function on(platform: string, expression: string): unknown {
  const url = pathToFileURL(join(folder, 'dist', 'index.js')).href;
  const script = `
    Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });
    const tried = (call) => { try { return call(); } catch ({ name, message, syscall }) { return { name, message, syscall }; } };
    import(${JSON.stringify(url)}).then((m) => console.log(JSON.stringify(${expression})));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const NONE_FOR_DARWIN = 'there are OS controls for linux and win32, and none for darwin';

it('on macOS the package loads, and says what there is not', () => {
  expect(on('darwin', 'm.load()')).toEqual({ reason: NONE_FOR_DARWIN });
  expect(on('darwin', 'm.findControlGroups()')).toEqual({ reason: 'darwin has no control groups' });
});

it('on macOS capabilities() says of each control that the system is none for it', () => {
  const found = on('darwin', 'm.capabilities()') as Record<string, unknown>;
  const { priority, cpus, memory, guard, mappedFiles } = found;
  for (const each of [...Object.values(priority as object), cpus, memory, guard, mappedFiles]) {
    expect(each).toEqual({ available: false, reason: `the addon is absent: ${NONE_FOR_DARWIN}` });
  }
});

it.each([
  ['setPriority', "m.setPriority(process.pid, 'idle')"],
  ['setAffinity', 'm.setAffinity(process.pid, [0])'],
  ['adoptOrphans', 'm.adoptOrphans()'],
  ['spawnGuarded', "m.spawnGuarded({ command: ['x'], env: {}, descriptors: [] }, {})"],
])('on macOS %s throws an OsControlError with the reason', (_, call) => {
  const error = on('darwin', `tried(() => ${call})`) as Error;
  expect(error).toMatchObject({ name: 'OsControlError' });
  expect(error.message).toContain(`ENOSYS (${NONE_FOR_DARWIN})`);
});

it('on Windows without a binary, the reason is what kept it from being built', () => {
  expect(on('win32', 'm.load()')).toEqual({ reason: 'cmake is not installed' });
  expect(on('win32', 'm.findControlGroups()')).toEqual({ reason: 'the addon is absent: cmake is not installed' });
  const error = on('win32', "tried(() => m.setPriority(process.pid, 'idle'))") as Error;
  expect(error.message).toContain('ENOSYS (cmake is not installed)');
});

it('on Linux, shared memory by name is what only Windows has', () => {
  const error = on('linux', "tried(() => m.createSharedMemory('x', 4096))") as Error;
  expect(error.message).toContain('ENOSYS (linux has no such thing)');
});
