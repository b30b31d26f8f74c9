import { describe, expect, test } from 'vitest';
import { InvalidOptionError } from '../../src/errors.js';
import {
  checkCloseOptions,
  checkReplaceOptions,
  checkRunOptions,
  resolveMapPlan,
  resolveResize,
} from '../../src/options/call-options.js';
import type { RunOptions } from '../../src/run-options.js';

const ALL: Required<RunOptions> = {
  handler: 'resize',
  signal: new AbortController().signal,
  timeout: 5,
  queueTimeout: Infinity,
  priority: -3,
  tenant: 'acme',
  key: 'user-7',
  idempotencyKey: 'k',
  retries: { attempts: 2 },
  metadata: { trace: 'on' },
  onProgress: () => {},
  onCost: () => {},
};

function refusal(call: () => unknown): InvalidOptionError {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error('the options were taken');
}

describe('the options of a task', () => {
  test('are taken: none, all, or some that are undefined', () => {
    checkRunOptions(undefined);
    checkRunOptions({});
    checkRunOptions(ALL);
    checkRunOptions({ timeout: undefined } as unknown as RunOptions);
  });

  test('take a signal of another realm', () => {
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
    checkRunOptions({ signal: signal as unknown as AbortSignal });
  });

  const refused: [options: unknown, option: string, message: string][] = [
    [null, 'options', 'expected an object, got null'],
    ['resize', 'options', "expected an object, got 'resize'"],
    [new AbortController().signal.aborted, 'options', 'expected an object, got false'],
    [{ timout: 5 }, 'timout', "unknown option, the nearest known one is 'timeout'"],
    [{ constructor: 5 }, 'constructor', "unknown option, the nearest known one is 'onCost'"],
    [{ taskTimeout: 5 }, 'taskTimeout', "unknown option, the nearest known one is 'timeout'"],
    [{ handler: 5 }, 'handler', 'expected a string, got 5'],
    [{ signal: {} }, 'signal', 'expected an AbortSignal, got {}'],
    [{ signal: null }, 'signal', 'expected an AbortSignal, got null'],
    [{ timeout: 0 }, 'timeout', 'expected milliseconds > 0 or Infinity, got 0'],
    [{ timeout: Number.NaN }, 'timeout', 'expected milliseconds > 0 or Infinity, got NaN'],
    [{ queueTimeout: '1s' }, 'queueTimeout', "expected milliseconds > 0 or Infinity, got '1s'"],
    [{ priority: 0.5 }, 'priority', 'expected an integer from -2147483648 to 2147483647, got 0.5'],
    [{ priority: 2 ** 31 }, 'priority', 'expected an integer from -2147483648 to 2147483647, got 2147483648'],
    [{ tenant: 7 }, 'tenant', 'expected a string, got 7'],
    [{ key: 7 }, 'key', 'expected a string, got 7'],
    [{ idempotencyKey: 7 }, 'idempotencyKey', 'expected a string, got 7'],
    [{ retries: { attempts: 0.5 } }, 'retries.attempts', 'expected an integer >= 0, got 0.5'],
    [{ retries: { atempts: 1 } }, 'retries.atempts', "unknown option, the nearest known one is 'retries.attempts'"],
    [{ metadata: 'a' }, 'metadata', "expected an object, got 'a'"],
    [{ metadata: { a: 1 } }, 'metadata.a', 'expected a string, got 1'],
    [{ onProgress: true }, 'onProgress', 'expected a function, got true'],
    [{ onCost: {} }, 'onCost', 'expected a function, got {}'],
  ];
  for (const [options, option, message] of refused) {
    test(`are refused with: ${option}: ${message}`, () => {
      const error = refusal(() => checkRunOptions(options as RunOptions));
      expect(error).toMatchObject({ option, message: `${option}: ${message}` });
    });
  }

  test('may have as much text beside the body as fits in a frame, and no more', () => {
    checkRunOptions({ handler: 'h'.repeat(20_000), metadata: { a: 'x'.repeat(20_000) } });
    const tooLong = 'too long: handler, tenant, idempotencyKey and metadata have 65536 bytes together';
    for (const [options, option] of [
      [{ handler: 'h'.repeat(70_000) }, 'handler'],
      [{ handler: 'h'.repeat(30_000), metadata: { a: 'x'.repeat(40_000) } }, 'metadata'],
      [{ tenant: '\u{1f600}'.repeat(17_000) }, 'tenant'],
      [{ metadata: { a: '\0'.repeat(11_000) } }, 'metadata'],
      [{ metadata: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`${i}`, ''])) }, 'metadata'],
    ] satisfies [RunOptions, string][]) {
      expect(refusal(() => checkRunOptions(options))).toMatchObject({ option, message: `${option}: ${tooLong}` });
    }
  });
});

describe('the options of a map', () => {
  test('have defaults', () => {
    expect(resolveMapPlan({}, 4)).toEqual({ plan: { inFlight: 8, ordered: true }, onError: 'throw', each: {} });
  });

  test('are told apart from those of its tasks, which keep theirs', () => {
    const options = { ...ALL, inFlight: 3, ordered: false, onError: 'yield' as const };
    expect(resolveMapPlan(options, 4)).toEqual({ plan: { inFlight: 3, ordered: false }, onError: 'yield', each: ALL });
    expect(options.inFlight).toBe(3);
  });

  const refused: [options: unknown, message: string][] = [
    [{ inFlight: 0 }, 'inFlight: expected an integer >= 1, got 0'],
    [{ ordered: 'no' }, "ordered: expected true or false, got 'no'"],
    [{ onError: 'stop' }, "onError: expected 'throw' or 'yield', got 'stop'"],
    [{ onErr: 'throw' }, "onErr: unknown option, the nearest known one is 'onError'"],
    [{ inflight: 3 }, "inflight: unknown option, the nearest known one is 'inFlight'"],
    [{ timeout: -1 }, 'timeout: expected milliseconds > 0 or Infinity, got -1'],
    [8, 'options: expected an object, got 8'],
  ];
  test.each(refused)('%o are refused', (options, message) => {
    expect(refusal(() => resolveMapPlan(options as RunOptions, 4)).message).toBe(message);
  });
});

describe('the options of resize', () => {
  const present = { minWorkers: 2, maxWorkers: 4 };

  test('change what is given', () => {
    expect(resolveResize({}, present)).toEqual(present);
    expect(resolveResize({ maxWorkers: 9 }, present)).toEqual({ minWorkers: 2, maxWorkers: 9 });
    expect(resolveResize({ minWorkers: 0, maxWorkers: 1 }, present)).toEqual({ minWorkers: 0, maxWorkers: 1 });
  });

  test.each([
    [{ maxWorkers: 1 }, 'maxWorkers: expected an integer >= minWorkers, which is 2, got 1'],
    [{ minWorkers: 5 }, 'maxWorkers: expected an integer >= minWorkers, which is 5, got 4'],
    [{ maxWorkers: Number.NaN }, 'maxWorkers: expected an integer >= 1, got NaN'],
    [{ max: 3 }, "max: unknown option, the nearest known one is 'maxWorkers'"],
  ])('%o are refused', (size, message) => {
    expect(refusal(() => resolveResize(size, present)).message).toBe(message);
  });
});

describe('the other calls', () => {
  test('have defaults and take what is given', () => {
    expect([checkCloseOptions({}), checkCloseOptions({ timeout: 5 })]).toEqual([Infinity, 5]);
    expect([checkReplaceOptions({}), checkReplaceOptions({ surge: 2 })]).toEqual([0, 2]);
  });

  test('refuse what is wrong', () => {
    expect(refusal(() => checkCloseOptions(5_000 as never)).message).toBe('options: expected an object, got 5000');
    expect(refusal(() => checkCloseOptions({ timeout: 0 })).message).toBe(
      'timeout: expected milliseconds > 0 or Infinity, got 0',
    );
    expect(refusal(() => checkReplaceOptions({ surge: -1 })).message).toBe('surge: expected an integer >= 0, got -1');
  });
});
