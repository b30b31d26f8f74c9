import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { parseDuration } from '../src/duration.js';
import { parseHalting } from '../src/map/halting.js';
import { inOrder } from '../src/map/in-order.js';
import { countItems, readItems } from '../src/map/inputs.js';
import { jobLogLine } from '../src/map/job-log.js';
import type { MapOutcome } from '../src/map/map-item.js';
import { linesOf } from '../src/map/map-output.js';
import { progressLine } from '../src/map/progress.js';
import { fromRow, toRow } from '../src/map/results-file.js';

const outcome: MapOutcome = {
  item: { sequence: 3, input: Buffer.from('in') },
  status: 'ok',
  value: Buffer.from('one\ntwo\n'),
  reason: undefined,
  exit: 0,
  stderrTail: '',
  startedAt: 1_700_000_000_123,
  ms: 12.5,
  peakMemory: null,
  sent: 2,
};

test.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5m', 90_000],
])('%s is a duration', (text, ms) => {
  expect(parseDuration(text, '--timeout')).toBe(ms);
});

test.each(['', '5', '0s', '-1s', '1h', 's', '1e3s'])('%j is none', (text) => {
  expect(() => parseDuration(text, '--timeout')).toThrow(/--timeout should be a duration/);
});

test.each([
  ['never', { when: 'never', failures: 1 }],
  ['soon', { when: 'soon', failures: 1 }],
  ['now,fail=12', { when: 'now', failures: 12 }],
])('--halt %s', (text, halting) => {
  expect(parseHalting(text)).toEqual(halting);
});

test.each(['never,fail=2', 'soon,fail=0', 'now,fail', 'now,fail=10%', ''])('--halt %s is refused', (text) => {
  expect(() => parseHalting(text)).toThrow(/--halt should be/);
});

describe('lines', () => {
  async function linesOfChunks(...chunks: string[]): Promise<string[]> {
    const bytes = (async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk);
    })();
    const found: string[] = [];
    for await (const { input } of readItems({ bytes, nul: false })) found.push(Buffer.from(input).toString());
    return found;
  }

  it.each([
    [[''], []],
    [['a\nb\n'], ['a', 'b']],
    [
      ['a', 'b', '\n', '\nc'],
      ['ab', '', 'c'],
    ],
    [['\n\n'], ['', '']],
  ])('of %j are %j', async (chunks, lines) => {
    expect(await linesOfChunks(...chunks)).toEqual(lines);
  });
});

test('the items of a file can be counted beforehand, those of a stream cannot', async () => {
  const file = fileURLToPath(import.meta.url);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length;
  expect(await countItems({ input: file, nul: false })).toBe(lines);
  expect(await countItems({ input: undefined, nul: false })).toBeUndefined();
  expect(await countItems({ input: '/dev/null', nul: false })).toBeUndefined();
});

describe('results', () => {
  const gates: (() => void)[] = [];
  const act = (item: number) => new Promise<number>((resolve) => gates.push(() => resolve(item)));
  async function* endless() {
    for (let item = 0; ; item++) yield item;
  }

  it.each([
    [true, [0, 1, 2]],
    [false, [2, 0, 1]],
  ])('come in order, or as they come (ordered: %s), with no more under way than may be', async (ordered, expected) => {
    gates.length = 0;
    const results = inOrder(endless(), { width: 3, ordered }, act);
    const first = results.next();
    while (gates.length < 3) await Promise.resolve();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(gates.length).toBe(3);
    for (const index of [2, 0, 1]) gates[index]?.();
    expect([(await first).value, (await results.next()).value, (await results.next()).value]).toEqual(expected);
  });

  it('do not wait for the next item', async () => {
    gates.length = 0;
    async function* stuck() {
      yield 7;
      await new Promise(() => {});
    }
    const results = inOrder(stuck(), { width: 3, ordered: true }, async (item) => item);
    expect((await results.next()).value).toBe(7);
  });
});

test('a reply is printed with one line end, and with its input before each line', () => {
  const options = { tag: false, onFail: 'empty' } as const;
  expect(Buffer.from(linesOf(outcome, options)).toString()).toBe('one\ntwo\n');
  expect(Buffer.from(linesOf(outcome, { ...options, tag: true })).toString()).toBe('in\tone\nin\ttwo\n');
  const failed = { ...outcome, status: 'failed', value: undefined } as const;
  expect(Buffer.from(linesOf(failed, options)).toString()).toBe('\n');
  expect(linesOf(failed, { ...options, onFail: 'skip' }).byteLength).toBe(0);
});

test.each([
  [{ exit: 0 }, '0\t0'],
  [{ exit: 3, status: 'failed', value: undefined }, '3\t0'],
  [{ exit: 'SIGKILL', status: 'failed', value: undefined }, '0\t9'],
  [{ exit: null, status: 'failed', value: undefined }, '1\t0'],
] as const)('the job log of %j says %j', (change, columns) => {
  const line = jobLogLine({ ...outcome, ...change }, 'cmd\ta');
  const received = 'value' in change ? 0 : 8;
  expect(line).toBe(`3\t:\t1700000000.123\t0.013\t2\t${received}\t${columns}\tcmd a\n`);
});

test.each([Buffer.from('text'), Buffer.of(0xff, 0, 1), Buffer.alloc(0)])('a row keeps the reply %j', (value) => {
  const row = JSON.parse(JSON.stringify(toRow({ ...outcome, value })));
  expect(fromRow(row, outcome.item).value).toEqual(value);
});

test.each([
  [{ done: 0, failed: 0, total: 10, elapsed: 0 }, '[........................] 0 of 10  0.0/s'],
  [{ done: 5, failed: 1, total: 10, elapsed: 1000 }, '[############............] 5 of 10  5.0/s  1 s left  1 failed'],
  [{ done: 6000, failed: 0, total: undefined, elapsed: 2000 }, '6,000 done  3,000/s'],
  [{ done: 1, failed: 0, total: 7201, elapsed: 1000 }, '[........................] 1 of 7,201  1.0/s  2 h 0 min left'],
])('progress', (count, line) => {
  expect(progressLine(count)).toBe(line);
});
