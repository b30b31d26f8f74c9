import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRemoteError, encodeRemoteError, type RemoteError, toRemoteError } from '../src/index.js';
import { bytesOf } from './recorder.js';

test('an error is told with name, message and stack', () => {
  const error = new TypeError('no such page');
  expect(toRemoteError(error)).toEqual({ name: 'TypeError', message: 'no such page', stack: error.stack });
});

test('a code and own properties that JSON can hold are told', () => {
  const error = Object.assign(new Error('x'), { code: 'ENOENT', errno: -2, path: '/a', nested: { list: [1, null] } });
  const { code, data } = toRemoteError(error);
  expect({ code, data }).toEqual({ code: 'ENOENT', data: { errno: -2, path: '/a', nested: { list: [1, null] } } });
});

test('a code that is a number is data', () => {
  expect(toRemoteError(Object.assign(new Error('x'), { code: 7 }))).toMatchObject({ data: { code: 7 } });
});

test('own properties that JSON would change are left out', () => {
  const error = Object.assign(new Error('x'), {
    at: new Date(0),
    big: 1n,
    bytes: Uint8Array.of(1),
    call: () => 1,
    not: undefined,
    ok: 1,
  });
  expect(toRemoteError(error).data).toEqual({ ok: 1 });
});

test('data is a copy: what happens to the error later does not change it', () => {
  const error = Object.assign(new Error('x'), { list: [1] });
  const { data } = toRemoteError(error);
  error.list.push(2);
  expect(data).toEqual({ list: [1] });
});

test('data is 16 KiB of JSON at most; what still fits is told', () => {
  const error = Object.assign(new Error('x'), {
    a: 'ä'.repeat(5_000),
    b: 'x'.repeat(10_000),
    c: 'small',
    d: 'x'.repeat(1e6),
  });
  const { data } = toRemoteError(error);
  expect(Object.keys(data ?? {})).toEqual(['a', 'c']);
});

test('causes are told five deep', () => {
  let error = new Error('cause 9');
  for (let depth = 8; depth >= 0; depth -= 1) error = new Error(`cause ${depth}`, { cause: error });
  const messages: string[] = [];
  for (let at: RemoteError | undefined = toRemoteError(error); at !== undefined; at = at.cause)
    messages.push(at.message);
  expect(messages).toEqual(['cause 0', 'cause 1', 'cause 2', 'cause 3', 'cause 4', 'cause 5']);
});

test('causes in a circle are told once', () => {
  const one = new Error('one');
  const two = new Error('two', { cause: one });
  one.cause = two;
  expect(toRemoteError(one).cause?.cause).toBeUndefined();
});

test('long texts are cut', () => {
  const { message } = toRemoteError(new Error('x'.repeat(100_000)));
  expect(message).toHaveLength(65_536);
  expect(message.endsWith('…')).toBe(true);
});

test.each([
  ['a text', 'plain', 'plain'],
  ['a number', 7, '7'],
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['a bigint', 5n, '5'],
  ['an object', { status: 404 }, '{"status":404}'],
  ['an object that JSON would change', { at: new Date(0) }, '[object Object]'],
])('%s that was thrown is an Error with what can be said of it', (_, thrown, message) => {
  expect(toRemoteError(thrown)).toMatchObject({ name: 'Error', message });
});

test('nothing that is thrown makes it throw', () => {
  const hostile = (): never => {
    throw new Error('no');
  };
  const proxy = new Proxy(new Error('x'), { get: hostile, ownKeys: hostile, getPrototypeOf: hostile });
  const getters = Object.defineProperties(new Error('x'), {
    stack: { get: hostile }, // first, because V8 makes the stack's text now, with name and message
    name: { get: hostile },
    message: { get: hostile },
    cause: { get: hostile },
    extra: { get: hostile, enumerable: true },
  });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const noText = Object.assign(() => 1, { [Symbol.toPrimitive]: hostile });
  for (const thrown of [proxy, getters, revoked.proxy, noText, Object.create(null)]) {
    const told = toRemoteError(thrown);
    expect(typeof told.name).toBe('string');
    expect(typeof told.message).toBe('string');
  }
});

test('whatever is thrown can be encoded and comes back', () => {
  const thing = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withTypedArray: true,
    withNullPrototype: true,
  });
  const error = fc.tuple(thing, fc.dictionary(fc.string(), thing), thing).map(([message, own, cause]) => {
    const made = new Error('x', { cause });
    for (const [key, value] of Object.entries({ ...own, message }))
      Object.defineProperty(made, key, { value, enumerable: true });
    return made;
  });
  fc.assert(
    fc.property(fc.oneof(thing, error), (thrown) => {
      const told = toRemoteError(thrown);
      expect(JSON.parse(JSON.stringify(told))).toEqual(told);
      expect(decodeRemoteError(encodeRemoteError(told))).toEqual(told);
      expect(Buffer.byteLength(JSON.stringify(told.data ?? {}))).toBeLessThanOrEqual(16_384);
    }),
  );
});

const large: RemoteError = {
  name: 'TooMuchError',
  message: 'the message',
  stack: 's'.repeat(3_000),
  code: 'ELARGE',
  data: { rows: 'd'.repeat(3_000) },
  cause: { name: 'Error', message: 'c'.repeat(3_000) },
};

test('an error that does not fit loses its causes, then data, then its stack, then the end of its message', () => {
  const members = (limit: number): string[] => Object.keys(decodeRemoteError(encodeRemoteError(large, limit)));
  expect(members(20_000)).toContain('cause');
  expect(members(7_000)).toEqual(['name', 'message', 'stack', 'code', 'data']);
  expect(members(4_000)).toEqual(['name', 'message', 'stack', 'code']);
  expect(members(1_000)).toEqual(['name', 'message', 'code']);
});

test('an error fits into any limit from 1 KiB on, whatever its message', () => {
  for (const letter of ['x', '"', '\u0001', '\ud800', 'ä', '😀']) {
    for (const limit of [1_024, 2_000, 10_000]) {
      const error = { name: letter.repeat(9_000), message: letter.repeat(9_000) };
      expect(encodeRemoteError(error, limit).length).toBeLessThanOrEqual(limit);
    }
  }
});

test('a member of the wrong type is left out, and one that is missing has a default', () => {
  const decode = (text: string): RemoteError => decodeRemoteError(bytesOf(text));
  expect(decode('{}')).toEqual({ name: 'Error', message: '' });
  expect(decode('{"name":1,"message":[],"stack":{},"code":5,"data":[],"cause":"x"}')).toEqual({
    name: 'Error',
    message: '',
  });
});

test('a body that is no JSON object is the message', () => {
  expect(decodeRemoteError(bytesOf('cannot open file'))).toEqual({ name: 'Error', message: 'cannot open file' });
  expect(decodeRemoteError(bytesOf('["a"]'))).toEqual({ name: 'Error', message: '["a"]' });
  expect(decodeRemoteError(Uint8Array.of(0xff))).toEqual({ name: 'Error', message: '\ufffd' });
  expect(decodeRemoteError(bytesOf('\ufeffx'))).toEqual({ name: 'Error', message: '\ufeffx' });
  expect(decodeRemoteError(new Uint8Array())).toEqual({ name: 'Error', message: '' });
});

test('causes without end are cut at five when they are read', () => {
  let text = '{"message":"end"}';
  for (let depth = 0; depth < 1_000; depth += 1) text = `{"message":"m","cause":${text}}`;
  let depth = 0;
  for (let at = decodeRemoteError(bytesOf(text)); at.cause !== undefined; at = at.cause) depth += 1;
  expect(depth).toBe(5);
});
