import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markInstalled, needsInstall } from '../installation.mjs';

const past = new Date('2026-01-01');
const stamp = 'node_modules/.modules.yaml';
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ostler-install-'));
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n  - apps/*\n  - bench\n');
  for (const file of ['package.json', 'pnpm-lock.yaml', 'packages/pool/package.json', 'bench/package.json', stamp]) {
    write(file, '');
  }
});

afterEach(() => rmSync(root, { recursive: true }));

test('an installation that is as old as everything it came from is kept', () => {
  expect(needsInstall(root)).toBe(false);
});

test('a clean clone is installed', () => {
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(needsInstall(root)).toBe(true);
});

test.for([
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'packages/pool/package.json',
  'bench/package.json',
  'apps/new/package.json',
])('a changed %s is installed once', (file) => {
  write(file, '');
  touch(file, new Date('2026-01-02'));
  expect(needsInstall(root)).toBe(true);
  markInstalled(root);
  expect(needsInstall(root)).toBe(false);
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  touch(file, past);
}

function touch(file: string, time: Date): void {
  utimesSync(join(root, file), time, time);
}
