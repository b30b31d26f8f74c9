import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  decodeValue,
  encodeHello,
  encodeTaskMetadata,
  encodeValue,
  encodeWelcome,
  FieldTag,
  Flag,
  FrameType,
  frameBytes,
  HANDSHAKE_MAX_FRAME,
  INITIAL_CREDIT,
  LEDGER_MAGIC,
  LEDGER_OFFSETS,
  MAGIC,
  MAX_METADATA,
} from '../src/index.js';
import { bytesOf, hex } from './recorder.js';

const page = readFileSync(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const vector = (name: string): string =>
  readFileSync(new URL(`../vectors/${name}.bin`, import.meta.url)).toString('hex');
const KEY = 0x9e3779b9;

/** The bytes of a dump: what stands at the beginning of its lines, two digits each. */
function bytesIn(dump: string): string {
  return dump
    .split('\n')
    .map((line) => /^(?:[0-9A-F]{2} ?)+(?= {2,}|$)/.exec(line)?.[0] ?? '')
    .join('')
    .replaceAll(' ', '')
    .toLowerCase();
}

const dumps = [...page.matchAll(/```hex (worker|parent)\n([\s\S]*?)```/g)].map(([, from, dump]) => ({
  from,
  bytes: bytesIn(dump as string),
}));

test('the dumps on the page are what the encoder writes for one whole task', () => {
  const hello = {
    protocol: { min: 1, max: 1 },
    sdk: { name: 'mine', version: '1' },
    runtime: { name: 'lua', version: '5.4' },
    pid: 812,
    capabilities: [],
  };
  const welcome = { version: 1, key: KEY, maxBody: 67_108_864, maxFrame: 1_048_576, slot: 0, workerId: 1 };
  const metadata = encodeWelcome({ ...welcome, ledgerSize: 0, poolName: 'p', concurrency: 1 });
  const task = encodeTaskMetadata({ handler: 'upper' }) as Uint8Array;
  const frames = [
    frameBytes({ type: FrameType.hello, encoding: 1, id: 0, body: encodeHello(hello), key: 0 }),
    frameBytes({ type: FrameType.welcome, id: 0, metadata, key: 0 }),
    frameBytes({ type: FrameType.ready, id: 0, key: KEY }),
    frameBytes({ type: FrameType.task, id: 1, metadata: task, body: bytesOf('hello'), key: KEY }),
    frameBytes({ type: FrameType.result, id: 1, body: bytesOf('HELLO'), key: KEY }),
  ];
  expect(dumps.map(({ bytes }) => bytes)).toEqual(frames.map(hex));
});

test('the dumps on the page are the files of the conversation', () => {
  for (const from of ['worker', 'parent']) {
    const bytes = dumps.filter((dump) => dump.from === from).map((dump) => dump.bytes);
    expect(bytes.join('')).toBe(vector(`conversation-${from}`));
  }
});

test('the texts beside the dumps are those of the bytes', () => {
  const lines = [...page.matchAll(/^((?:[0-9A-F]{2} ){15}[0-9A-F]{2}) {3}(.*)$/gm)];
  expect(lines.length).toBeGreaterThan(5);
  for (const [, bytes, text] of lines) {
    expect(Buffer.from((bytes as string).replaceAll(' ', ''), 'hex').toString()).toBe(text);
  }
});

/** The first table of a section, as lists of cells without the heading. */
function table(beginning: string): string[][] {
  const lines = page.slice(page.indexOf(beginning)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('| '));
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) => line.slice(2, -2).split(' | '));
}

test('the table of types is that of the code', () => {
  const told = table('## 4. ').map(([type, name]) => [name, Number(type)]);
  const names = Object.entries(FrameType).map(([name, type]) => [name.replace('W', '_W').toUpperCase(), type]);
  expect(told).toEqual(names);
});

test('the table of fields is that of the code', () => {
  const told = table('## 3. ').map(([tag, name]) => [name, Number(tag)]);
  expect(told).toEqual(Object.entries(FieldTag));
});

test('the table of flags is that of the code', () => {
  const told = table('**Flags**').map(([name, value]) => [name, Number(value)]);
  const names = Object.entries(Flag).map(([name, value]) => [name.replace('S', '_S').toUpperCase(), value]);
  expect(told).toEqual(names);
});

test('the numbers on the page are those of the code', () => {
  const text = (number: number): string => number.toLocaleString('en-US');
  expect(page).toContain(`| metadata of one frame | ${text(MAX_METADATA)} |`);
  expect(page).toContain(`| credit of a stream at its beginning | ${text(INITIAL_CREDIT)} |`);
  expect(page).toContain(`and of each piece of WELCOME | ${text(HANDSHAKE_MAX_FRAME)} |`);
  expect(page).toContain(`magic: \`0x${MAGIC.toString(16).toUpperCase()}\``);
  expect(page).toContain(`magic \`0x${LEDGER_MAGIC.toString(16).toUpperCase()}\``);
  for (const [name, offset] of Object.entries(LEDGER_OFFSETS)) expect(page).toContain(`| ${offset} | u32 | ${name}: `);
});

test('the example of attachments on the page is what the encoder writes', () => {
  const { encoding, body } = encodeValue({ a: [1, bytesOf('hi')] });
  const [, table, text] = /```\n((?:[0-9A-F ]{24,}.*\n)+)(\{.*)\n```/.exec(page) as RegExpExecArray;
  const head = (table as string)
    .split('\n')
    .map((line) => line.slice(0, 24))
    .join('')
    .replaceAll(' ', '')
    .toLowerCase();
  expect(hex(body)).toBe(head + hex(bytesOf((text as string).replaceAll('  ', ''))));
  expect(decodeValue(encoding, body)).toEqual({ a: [1, bytesOf('hi')] });
});

test('links within the page lead to its headings', () => {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [, target] of page.matchAll(/\]\(#([^)]*)\)/g)) expect(headings).toContain(target);
});
