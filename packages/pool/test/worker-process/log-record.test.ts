import { FrameError } from '@ostler/protocol';
import { expect, test } from 'vitest';
import { decodeLogRecord } from '../../src/worker-process/log-record.js';

const decode = (body: string) => decodeLogRecord(new TextEncoder().encode(body), 3);

test('a record is its message, with its fields behind it', () => {
  expect(decode('{"level":"warn","message":"low","fields":{"left":3}}')).toEqual({
    source: 'log',
    level: 'warn',
    line: 'low {"left":3}',
  });
  expect(decode('{"message":"printed","source":"stderr"}')).toEqual({
    source: 'stderr',
    level: 'info',
    line: 'printed',
  });
  expect(decode('{}')).toEqual({ source: 'log', level: 'info', line: '' });
});

test.each(['{', '[]', '7', 'null'])('%s is no record: the error names its task', (body) => {
  expect(() => decode(body)).toThrow(FrameError);
  expect(() => decode(body)).toThrow(expect.objectContaining({ id: 3 }));
});
