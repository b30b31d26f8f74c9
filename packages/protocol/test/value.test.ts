import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { decodeValue, encodeValue, FrameError, JsonValueError } from '../src/index.js';
import { bytesOf, concat, textOf } from './recorder.js';

const roundTrip = (value: unknown): unknown => {
  const { encoding, body } = encodeValue(value);
  return decodeValue(encoding, body);
};
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

test('a value without bytes is its JSON', () => {
  const { encoding, body } = encodeValue({ a: [1, 'ä', null, true], b: {} });
  expect([encoding, textOf(body)]).toEqual([1, '{"a":[1,"ä",null,true],"b":{}}']);
});

test('undefined is null at the top and dropped in an object', () => {
  expect(textOf(encodeValue(undefined).body)).toBe('null');
  expect(textOf(encodeValue({ a: undefined, b: 1 }).body)).toBe('{"b":1}');
});

test('bytes travel beside the JSON, and leave the value as it was', () => {
  const value = { image: Uint8Array.of(1, 2), list: ['x', Uint8Array.of(3)] };
  const { encoding, body } = encodeValue(value);
  expect(encoding).toBe(2);
  expect(textOf(body)).toContain('{"image":null,"list":["x",null]}/image/list/1\u0001\u0002\u0003');
  expect(value).toEqual({ image: Uint8Array.of(1, 2), list: ['x', Uint8Array.of(3)] });
  expect(decodeValue(encoding, body)).toEqual(value);
});

test('bytes alone are a value', () => {
  expect(roundTrip(Uint8Array.of(7))).toEqual(Uint8Array.of(7));
});

test('bytes arrive as a plain Uint8Array in memory of their own, also those of a Buffer', () => {
  const { encoding, body } = encodeValue([Buffer.from('hello')]);
  const [bytes] = decodeValue(encoding, body) as [Uint8Array];
  body.fill(0);
  expect(bytes.constructor).toBe(Uint8Array);
  expect(textOf(bytes)).toBe('hello');
});

test('the same bytes in two places arrive twice', () => {
  const bytes = Uint8Array.of(1);
  expect(roundTrip([bytes, bytes])).toEqual([bytes, bytes]);
});

test('the same object in two places is no circle', () => {
  const shared = { x: 1 };
  expect(roundTrip([shared, { shared }])).toEqual([shared, { shared }]);
});

test('objects without a prototype and those of another realm are plain', () => {
  expect(roundTrip(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  const foreign: unknown = runInContext('({ list: [1, { bytes: new Uint8Array([5]) }] })', createContext({}));
  expect(roundTrip(foreign)).toEqual({ list: [1, { bytes: Uint8Array.of(5) }] });
});

test('a key called __proto__ is a key like any other, with and without bytes beside it', () => {
  for (const text of ['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1},"b":null}']) {
    const value = JSON.parse(text) as Record<string, unknown>;
    if ('b' in value) value.b = Uint8Array.of(1);
    const back = roundTrip(value) as Record<string, unknown>;
    expect(Object.keys(back)).toEqual(Object.keys(value));
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(back, '__proto__')?.value).toEqual({ polluted: 1 });
  }
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

class Point {
  x = 1;
}
const circle: Record<string, unknown> = {};
circle.again = [circle];

test.each<[string, unknown, string, string]>([
  ['NaN', { a: [Number.NaN] }, '/a/0', 'NaN'],
  ['Infinity', -Infinity, '', '-Infinity'],
  ['a bigint', { a: 1n }, '/a', 'a bigint'],
  ['a function', { a: () => 1 }, '/a', 'a function'],
  ['a symbol', [Symbol('s')], '/0', 'a symbol'],
  ['undefined in a list', [1, undefined], '/1', 'undefined'],
  ['a hole in a list', Array(2), '/0', 'undefined'],
  ['a Date', { at: new Date() }, '/at', 'a Date'],
  ['a Map', new Map(), '', 'a Map'],
  ['a Set', [new Set()], '/0', 'a Set'],
  ['a RegExp', /x/, '', 'a RegExp'],
  ['an Error', { e: new Error('x') }, '/e', 'a Error'],
  ['an instance of a class', { p: new Point() }, '/p', 'a Point'],
  ['a boxed string', { s: Object('x') }, '/s', 'a String'],
  ['a typed array of other numbers', new Float32Array(1), '', 'a Float32Array'],
  ['a clamped array', [new Uint8ClampedArray(1)], '/0', 'a Uint8ClampedArray'],
  ['an ArrayBuffer', new ArrayBuffer(1), '', 'a ArrayBuffer'],
  ['a DataView', new DataView(new ArrayBuffer(1)), '', 'a DataView'],
  [
    'an object with toJSON',
    { a: Object.defineProperty({}, 'toJSON', { value: () => 1 }) },
    '/a',
    'an object with toJSON',
  ],
  ['a circle', circle, '/again/0', 'a circular reference'],
  [
    'bytes behind half a character',
    { '\ud800': Uint8Array.of(1) },
    '/\ud800',
    'bytes behind a key that is not Unicode text',
  ],
  ['a value behind keys with ~ and /', { 'a/b': { '~': 1n } }, '/a~1b/~0', 'a bigint'],
])('%s is refused with its path', (_, value, path, problem) => {
  try {
    encodeValue(value);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(JsonValueError);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as JsonValueError).path).toBe(path);
    expect((error as JsonValueError).message).toBe(
      `${problem} at ${path || 'the top of the value'}: JSON cannot carry it unchanged`,
    );
  }
});

test('a getter that gives something else the second time is no way around the refusal', () => {
  let reads = 0;
  const value = {
    get shifty(): unknown {
      reads += 1;
      return reads === 1 ? 1 : 1n;
    },
  };
  expect(() => encodeValue(value)).toThrow(TypeError);
});

test('half surrogate pairs are carried in texts and keys', () => {
  expect(roundTrip(['\ud800', { '\udfff': 1 }])).toEqual(['\ud800', { '\udfff': 1 }]);
});

test('a text that begins with a byte order mark keeps it', () => {
  expect(roundTrip('\ufeffx')).toBe('\ufeffx');
});

test('500 levels are carried, one more is refused', () => {
  expect(roundTrip(nested(500))).toEqual(nested(500));
  expect(() => encodeValue(nested(501))).toThrow('nesting of more than 500 levels');
});

test('a body nested a hundred thousand times is read or refused, without a crash', () => {
  const body = bytesOf('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => decodeValue(1, body)).not.toThrow(RangeError);
});

test('a body of bytes is no value', () => {
  expect(() => decodeValue(0, bytesOf('1'))).toThrow('a body has encoding 0, expected 1 or 2 (JSON)');
});

test.each(['', '{', '01', '"\u0001"', 'undefined', '\ufeff1'])('the text %j is refused with a FrameError', (text) => {
  expect(() => decodeValue(1, bytesOf(text))).toThrow(FrameError);
});

test('a body that is no UTF-8 is refused with a FrameError', () => {
  expect(() => decodeValue(1, Uint8Array.of(0x22, 0xff, 0x22))).toThrow('a JSON body: expected UTF-8');
});

test('a path of an attachment that is no UTF-8 is refused with a FrameError', () => {
  const table = Uint8Array.of(4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
  expect(() => decodeValue(2, concat(table, bytesOf('null'), Uint8Array.of(0xff)))).toThrow(
    'the path of an attachment: expected UTF-8',
  );
});
