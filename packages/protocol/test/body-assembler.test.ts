import { expect, test } from 'vitest';
import {
  BodyAssembler,
  encodeCredit,
  type Frame,
  FrameError,
  type FrameInput,
  FrameType,
  splitBody,
} from '../src/index.js';
import { bytesOf, concat, textOf } from './recorder.js';

const { result, body: piece, ping, log, chunk, failure, task } = FrameType;
const MORE = 1;
const TOTAL = (total: number): Uint8Array => Uint8Array.of(9, 0, 4, 0, total, total >>> 8, total >>> 16, total >>> 24);
const frame = (type: number, more: Partial<Frame> = {}): Frame => ({
  type,
  flags: 0,
  encoding: 0,
  id: 1,
  metadata: new Uint8Array(),
  body: new Uint8Array(),
  ...more,
});
const first = (total: number, text: string): Frame =>
  frame(result, { flags: MORE, metadata: TOTAL(total), body: bytesOf(text) });
const next = (text: string, flags = 0): Frame => frame(piece, { flags, body: bytesOf(text) });

test('a frame that was not split comes back as it is', () => {
  const whole = frame(result, { body: bytesOf('whole') });
  const assembler = new BodyAssembler(0);
  expect(assembler.push(whole)).toBe(whole);
  expect(assembler.pending).toBe(false);
});

test('pieces become the frame that they were, without MORE and in memory of its own', () => {
  const assembler = new BodyAssembler(100);
  const begin = { ...first(9, 'one'), flags: MORE | 2, encoding: 1 };
  expect(assembler.push(begin)).toBeUndefined();
  expect(assembler.pending).toBe(true);
  begin.body.fill(0);
  begin.metadata.fill(0);
  expect(assembler.push(next('two', MORE))).toBeUndefined();
  const whole = assembler.push(next('end')) as Frame;
  expect(whole).toMatchObject({ type: result, flags: 2, encoding: 1, id: 1 });
  expect([...whole.metadata]).toEqual([...TOTAL(9)]);
  expect(textOf(whole.body)).toBe('onetwoend');
  expect(assembler.pending).toBe(false);
});

test('what is no part of the main line may stand between pieces', () => {
  const assembler = new BodyAssembler(100);
  assembler.push(first(6, 'one'));
  for (const type of [ping, log, FrameType.progress, FrameType.cancel, FrameType.lastWords, 200]) {
    const between = frame(type, { id: 5 });
    expect(assembler.push(between)).toBe(between);
  }
  expect(textOf((assembler.push(next('two')) as Frame).body)).toBe('onetwo');
});

test.each([
  ['a body announced over the limit', [first(101, 'x')], 'a body of 101 bytes is announced, the limit is 100'],
  ['a first piece longer than the whole', [first(2, 'one')], 'a body of 2 bytes begins with 3'],
  ['a first piece that is the whole', [first(3, 'one')], 'a body of 3 bytes begins with 3'],
  ['more bytes than announced', [first(5, 'one'), next('two')], 'a body of 5 bytes has 6'],
  ['a last piece that promises more', [first(6, 'one'), next('two', MORE)], 'a body of 6 bytes has 6 and more'],
  ['fewer bytes than announced', [first(7, 'one'), next('two')], 'a body of 7 bytes ends after 6'],
  ['a piece of nothing', [next('two')], 'a piece of a body has id 1, expected none'],
  ['a piece of another task', [first(6, 'one'), { ...next('two'), id: 2 }], 'a piece of a body has id 2, expected 1'],
  [
    'a second body that begins',
    [first(6, 'one'), first(6, 'one')],
    'a frame of type 17 stands between the pieces of a body',
  ],
  [
    'a reply between pieces',
    [first(6, 'one'), frame(failure)],
    'a frame of type 18 stands between the pieces of a body',
  ],
  ['a chunk between pieces', [first(6, 'one'), frame(chunk)], 'a frame of type 19 stands between the pieces of a body'],
  ['a missing total', [frame(task, { flags: MORE })], 'metadata: field 9 (totalBodyLength) is missing'],
  [
    'a total of three bytes',
    [frame(task, { flags: MORE, metadata: Uint8Array.of(9, 0, 3, 0, 1, 1, 1) })],
    'has 3 bytes, expected 4',
  ],
  ['a field that runs out', [frame(task, { flags: MORE, metadata: Uint8Array.of(9, 0, 4, 0, 1) })], 'behind the end'],
])('%s is refused, and the assembler is ready for the next body', (_, frames, message) => {
  const assembler = new BodyAssembler(100);
  const push = (): void => frames.forEach((each) => void assembler.push({ ...each, id: each.id + 6 }));
  expect(push).toThrow(FrameError);
  expect(push).toThrow(
    message.replace(/id (\d)/, (_, id) => `id ${Number(id) + 6}`).replace('expected 1', 'expected 7'),
  );
  expect(assembler.pending).toBe(false);
  assembler.push(first(6, 'one'));
  expect(textOf((assembler.push(next('two')) as Frame).body)).toBe('onetwo');
});

test('the error names the frame whose rule was broken', () => {
  try {
    new BodyAssembler(100).push({ ...first(101, 'x'), id: 77 });
    expect.unreachable();
  } catch (error) {
    expect((error as FrameError).id).toBe(77);
  }
});

test('an announced body over the limit allocates nothing, however large', () => {
  const assembler = new BodyAssembler(100);
  expect(() => assembler.push(first(0xffffffff, 'x'))).toThrow(FrameError);
  expect(assembler.pending).toBe(false);
});

test('a new limit holds for the next body', () => {
  const assembler = new BodyAssembler(5);
  assembler.maxBody = 6;
  assembler.push(first(6, 'one'));
  expect(assembler.push(next('two'))).toBeDefined();
});

const input: FrameInput = {
  type: task,
  flags: 2,
  encoding: 1,
  id: 9,
  metadata: encodeCredit(1),
  body: bytesOf('0123456789'),
  key: 5,
};
const asFrame = ({
  type,
  flags = 0,
  encoding = 0,
  id,
  metadata = new Uint8Array(),
  body = new Uint8Array(),
}: FrameInput): Frame => ({
  type,
  flags,
  encoding,
  id,
  metadata,
  body,
});

test('a body of the limit is not split', () => {
  expect([...splitBody(input, 10)]).toEqual([input]);
  expect([...splitBody({ type: task, id: 1, key: 0 }, 0)]).toHaveLength(1);
});

test('a body over the limit is split into views of it, the total beside what metadata there was', () => {
  const [begin, middle, end, ...rest] = [...splitBody(input, 4)];
  expect(rest).toEqual([]);
  expect(begin).toMatchObject({ type: task, flags: 3, encoding: 1, id: 9, key: 5 });
  expect([...(begin?.metadata ?? [])]).toEqual([...concat(encodeCredit(1), TOTAL(10))]);
  expect(middle).toMatchObject({ type: piece, flags: 1, id: 9, key: 5 });
  expect(end).toMatchObject({ type: piece, flags: 0, id: 9, key: 5 });
  expect([begin, middle, end].map((each) => textOf(each?.body as Uint8Array))).toEqual(['0123', '4567', '89']);
  expect(end?.body?.buffer).toBe(input.body?.buffer);
});

test('what is split is joined again, for every limit', () => {
  for (let limit = 1; limit <= 11; limit += 1) {
    const assembler = new BodyAssembler(10);
    const whole = [...splitBody(input, limit)].map((each) => assembler.push(asFrame(each))).at(-1);
    expect(whole).toMatchObject({ type: task, flags: 2, encoding: 1, id: 9 });
    expect(textOf(whole?.body as Uint8Array)).toBe('0123456789');
  }
});

test('a limit below one byte cannot be kept', () => {
  for (const limit of [0, -1, Number.NaN]) expect(() => [...splitBody(input, limit)]).toThrow(RangeError);
});
