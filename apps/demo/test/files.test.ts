import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EVERYTHING, findAnswers, type KnownFile, Verdict } from '../src/answers.js';
import { readAhead, spread } from '../src/files.js';

/** Wine makes no junctions. */
const WINE = process.env.OSTLER_WINE !== undefined;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostler-demo-'));
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const name of ['a', 'b', 'deep/c', 'deep/er/d']) writeFileSync(join(folder, name), name);
});

afterEach(() => rmSync(folder, { recursive: true }));

test('every file of a folder gets its answer, and links are not followed', async () => {
  if (!WINE) symlinkSync(folder, join(folder, 'deep/circle'), 'junction');
  const answers = await findAnswers(folder, EVERYTHING, () => {});
  expect(answers.files.map((file) => file.name).sort()).toEqual(['a', 'b', 'deep/c', 'deep/er/d']);
  expect(answers).toMatchObject({ found: 4, unreadable: 0, bytes: 1 + 1 + 6 + 9 });
});

test('bounds keep large and many files out', async () => {
  const bounds = { ...EVERYTHING, fileSize: 6 };
  const names = (await findAnswers(folder, bounds, () => {})).files.map((file) => file.name);
  expect(names.sort()).toEqual(['a', 'b', 'deep/c']);
  expect((await findAnswers(folder, { ...EVERYTHING, files: 2 }, () => {})).found).toBe(2);
});

test('a wrong digest is named, unless somebody has changed the file meanwhile', async () => {
  const { files } = await findAnswers(folder, EVERYTHING, () => {});
  const [first, second, third] = files as [KnownFile, KnownFile, KnownFile];
  const verdict = new Verdict();
  verdict.check(first, createHash('sha512').update(first.name).digest());
  verdict.check(second, Buffer.alloc(64));
  appendFileSync(third.path, 'changed');
  verdict.check(third, Buffer.alloc(64));
  expect(verdict.right).toBe(1);
  expect(await verdict.wrong()).toEqual([second.name]);
});

test('files are read in order, and one that is gone reads as empty', async () => {
  const { files } = await findAnswers(folder, EVERYTHING, () => {});
  rmSync((files[1] as KnownFile).path);
  const bodies: string[] = [];
  for await (const body of readAhead(files, 3)) bodies.push(Buffer.from(body).toString());
  expect(bodies).toEqual(files.map((file, index) => (index === 1 ? '' : file.name)));
});

test('spreading keeps every item, and each beginning is a sample of the whole', () => {
  for (const size of [0, 1, 2, 3, 10, 1000]) {
    const items = Array.from({ length: size }, (_, index) => index);
    expect(spread(items).toSorted((a, b) => a - b)).toEqual(items);
  }
  const tenths = spread(Array.from({ length: 1000 }, (_, index) => index)).slice(0, 20);
  expect(new Set(tenths.map((item) => Math.floor(item / 100))).size).toBe(10);
});
