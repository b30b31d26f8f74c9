import { decodeRemoteError } from '@ostler/protocol';
import { expect, test } from 'vitest';
import { encodeError, encodeLog } from '../src/record.js';

const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

test('a log record is what it was, without what it has not', () => {
  expect(parse(encodeLog({ level: 'info', message: 'm', fields: undefined }, 1000))).toEqual({
    level: 'info',
    message: 'm',
  });
});

test('fields that JSON cannot hold are told in words', () => {
  const cycle: Record<string, unknown> = { name: 'loop' };
  cycle.self = cycle;
  const { fields } = parse(encodeLog({ level: 'info', message: 'm', fields: cycle }, 1000));
  expect(fields.text).toContain('[Circular *1]');
});

test.each([600, 1024, 65_536])('records of any size fit into a frame of %i bytes', (limit) => {
  const message = '\u0001"ü'.repeat(100_000);
  const log = encodeLog({ level: 'info', message, source: 'stdout', fields: { a: 1 } }, limit);
  expect(log.length).toBeLessThanOrEqual(limit);
  expect(parse(log)).toMatchObject({ level: 'info', source: 'stdout' });
  const error = encodeError(new RangeError(message), limit);
  expect(error.length).toBeLessThanOrEqual(limit);
  expect(decodeRemoteError(error)).toMatchObject({ name: 'RangeError' });
});
