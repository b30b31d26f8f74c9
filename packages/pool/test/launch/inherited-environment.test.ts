import { describe, expect, test } from 'vitest';
import { inheritedEnvironment, withoutReplaced } from '../../src/launch/inherited-environment.js';

const ENV = {
  PATH: '/bin',
  HOME: '/home/me',
  SECRET: 's',
  GONE: undefined,
  NODE_OPTIONS: '--inspect --expose-gc',
  NODE_CHANNEL_FD: '3',
  NODE_CHANNEL_SERIALIZATION_MODE: 'json',
  NODE_UNIQUE_ID: '1',
  NODE_TEST_CONTEXT: 'child-v8',
};

describe('what a worker inherits', () => {
  test('by default is everything but what Node has told us as a child', () => {
    expect(inheritedEnvironment(true, { env: ENV, platform: 'linux' })).toEqual({
      PATH: '/bin',
      HOME: '/home/me',
      SECRET: 's',
      NODE_OPTIONS: '--expose-gc',
    });
  });

  test('can be nothing', () => {
    expect(inheritedEnvironment(false, { env: ENV, platform: 'linux' })).toEqual({});
  });

  test('can be what is named, as far as it is there', () => {
    const names = ['PATH', 'NODE_OPTIONS', 'MISSING', 'home'];
    expect(inheritedEnvironment(names, { env: ENV, platform: 'linux' })).toEqual({
      PATH: '/bin',
      NODE_OPTIONS: '--expose-gc',
    });
  });

  test('is found by name whatever its case on Windows', () => {
    const env = { Path: 'C:\\bin', SystemRoot: 'C:\\Windows', OTHER: 'x' };
    expect(inheritedEnvironment(['PATH', 'SYSTEMROOT'], { env, platform: 'win32' })).toEqual({
      Path: 'C:\\bin',
      SystemRoot: 'C:\\Windows',
    });
  });

  test('makes way on Windows for what is added under the same name in another case', () => {
    const inherited = { Path: 'C:\\bin', HOME: 'C:\\' };
    expect(withoutReplaced(inherited, { PATH: 'D:\\' }, 'win32')).toEqual({ HOME: 'C:\\' });
    expect(withoutReplaced(inherited, { PATH: 'D:\\' }, 'linux')).toEqual(inherited);
  });
});
