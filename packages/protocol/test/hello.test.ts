import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeHello, encodeHello, FrameError, type Hello } from '../src/index.js';
import { bytesOf } from './recorder.js';

const hello: Hello = {
  protocol: { min: 1, max: 2 },
  sdk: { name: 'ostler-python', version: '0.1.0' },
  runtime: { name: 'cpython', version: '3.11.2' },
  pid: 812,
  capabilities: ['cancel', 'stream'],
  handlers: [{ name: 'default' }, { name: 'resize' }],
};
const decode = (value: unknown): Hello => decodeHello(bytesOf(JSON.stringify(value)));

test('all that a HELLO says comes back', () => {
  expect(decodeHello(encodeHello(hello))).toEqual(hello);
});

test('handlers may be missing', () => {
  const { handlers, ...rest } = hello;
  expect(decode(rest)).toEqual(rest);
});

test('members of later versions are skipped, at every level', () => {
  const later = {
    ...hello,
    mood: 'good',
    sdk: { ...hello.sdk, url: 'x' },
    handlers: [{ name: 'default', input: { type: 'string' } }],
  };
  expect(decode(later)).toEqual({ ...hello, handlers: [{ name: 'default' }] });
});

test.each([
  [{ protocol: undefined }, 'HELLO: protocol: expected an object, got nothing'],
  [{ protocol: { min: 0, max: 1 } }, 'HELLO: protocol.min: expected a positive integer, got 0'],
  [{ protocol: { min: 1, max: '1' } }, 'HELLO: protocol.max: expected a positive integer, got "1"'],
  [{ protocol: { min: 3, max: 2 } }, 'HELLO: protocol: expected min <= max, got {"min":3,"max":2}'],
  [{ sdk: 'python' }, 'HELLO: sdk: expected an object, got "python"'],
  [{ sdk: { name: 'x' } }, 'HELLO: sdk.version: expected a string, got nothing'],
  [{ runtime: { name: 1, version: '' } }, 'HELLO: runtime.name: expected a string, got 1'],
  [{ pid: -1 }, 'HELLO: pid: expected a positive integer, got -1'],
  [{ pid: 1.5 }, 'HELLO: pid: expected a positive integer, got 1.5'],
  [{ capabilities: null }, 'HELLO: capabilities: expected an array, got null'],
  [{ capabilities: ['cancel', 1] }, 'HELLO: capabilities[1]: expected a string, got 1'],
  [{ handlers: {} }, 'HELLO: handlers: expected an array, got {}'],
  [{ handlers: ['default'] }, 'HELLO: handlers[0]: expected an object, got "default"'],
  [{ handlers: [{ name: 'x' }, {}] }, 'HELLO: handlers[1].name: expected a string, got nothing'],
])('%j is refused by its name', (wrong, message) => {
  expect(() => decode({ ...hello, ...wrong })).toThrow(new FrameError(message));
});

test('what came is cut short in the message', () => {
  const long = 'x'.repeat(1_000);
  expect(() => decode({ ...hello, pid: long })).toThrow(/got "x{78}…$/);
});

test('a body that is no object, no JSON or no UTF-8 is refused', () => {
  expect(() => decode([])).toThrow('HELLO: the body: expected an object, got []');
  expect(() => decodeHello(bytesOf('usage: worker [options]'))).toThrow(
    'HELLO: expected JSON, got "usage: worker [options]"',
  );
  expect(() => decodeHello(Uint8Array.of(0xff, 0xfe))).toThrow('HELLO: expected UTF-8');
});

test('any JSON is a HELLO or a FrameError', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => decode(value)).toThrow(FrameError);
    }),
  );
});
