import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeOs } from '@ostler/pool/os';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Wine tells of the folder itself, and of folders that come later. */
const WINE = process.env.OSTLER_WINE !== undefined;

let folder: string;
let changes: string[];
let errors: Error[];
let wake: () => void = () => {};
const open: { close(): void }[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'ostler-watch-')));
  changes = [];
  errors = [];
});

afterEach(() => {
  for (const watching of open.splice(0)) watching.close();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

function watch(...paths: string[]): void {
  const onChange = (path: string): void => {
    changes.push(path);
    wake();
  };
  open.push(nodeOs().watchFiles(paths, { onChange, onError: (error) => errors.push(error) }));
}

/** Writes a file, and waits until that is told: all that came before it has been told then. */
async function write(
  path: string,
  write: () => void = () => writeFileSync(path, String(changes.length)),
): Promise<void> {
  const before = changes.length;
  write();
  while (!changes.slice(before).includes(path)) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}

test.skipIf(WINE)(
  'a change is told wherever it is below the folder (needs watches of subfolders, which Wine lacks)',
  async () => {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    watch(folder);
    await write(join(folder, 'top.js'));
    await write(join(folder, 'a', 'b', 'deep.js'));
  },
);

test.skipIf(WINE)(
  'nothing is told of node_modules, .git and __pycache__ (needs watches of subfolders, which Wine lacks)',
  async () => {
    for (const name of ['node_modules', '.git', 'lib/__pycache__']) mkdirSync(join(folder, name), { recursive: true });
    watch(folder);
    writeFileSync(join(folder, 'node_modules', 'x.js'), '');
    writeFileSync(join(folder, 'lib', '__pycache__', 'x.pyc'), '');
    rmSync(join(folder, '.git'), { recursive: true });
    mkdirSync(join(folder, 'lib', 'node_modules'));
    await write(join(folder, 'lib', 'x.js'));
    expect(changes.filter((path) => !path.endsWith(join('lib', 'x.js')))).toEqual([]);
  },
);

test('a folder that comes later is looked at as well, and one that comes back', async () => {
  watch(folder);
  for (let times = 0; times < 2; times++) {
    await write(join(folder, 'late'), () => mkdirSync(join(folder, 'late')));
    await write(join(folder, 'late', 'x.js'));
    await write(join(folder, 'late'), () => rmSync(join(folder, 'late'), { recursive: true }));
  }
});

test('of a file, its own changes are told, also where another one takes its place', async () => {
  const file = join(folder, 'x.js');
  writeFileSync(file, '');
  writeFileSync(join(folder, 'other.js'), '');
  watch(file);
  writeFileSync(join(folder, 'other.js'), 'x');
  for (let times = 0; times < 2; times++) {
    writeFileSync(join(folder, 'new.js'), 'x');
    await write(file, () => renameSync(join(folder, 'new.js'), file));
  }
  await write(file);
  expect(new Set(changes)).toEqual(new Set([file]));
});

test('a file and the folder that it is in may both be named', async () => {
  const file = join(folder, 'x.js');
  writeFileSync(file, '');
  watch(file, folder, file);
  await write(file);
  await write(join(folder, 'y.js'));
});

test('nothing is told once it is closed', async () => {
  watch(folder);
  open[0]?.close();
  watch(join(folder));
  await write(join(folder, 'x.js'));
  expect(changes.filter((path) => path === join(folder, 'x.js')).length).toBeLessThanOrEqual(2); // created, written
});
