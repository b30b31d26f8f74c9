import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { exitInWords, signalOf } from '../../src/errors/exit-in-words.js';

const exit = (exitCode: number | null, signal: string | null = null) => ({ pid: 5, exitCode, signal });

describe('an exit in words', () => {
  test.each([
    [exit(1), 'exited with code 1'],
    [exit(0), 'exited with code 0'],
    [exit(70), 'exited with code 70 (it read damaged bytes on its task channel)'],
    [exit(127), 'exited with code 127 (for a shell: no such command)'],
    [exit(137), 'exited with code 137 (128 + the number of SIGKILL: kill -9, or the kernel because memory ran out)'],
    [exit(0xc0000005), 'exited with code 3221225477 (0xC0000005: an access violation, usually a bug in native code)'],
    [exit(-1073741819), 'exited with code -1073741819 (0xC0000005: an access violation, usually a bug in native code)'],
    [exit(0xc0000999), 'exited with code 3221227929 (0xC0000999)'],
    [
      exit(null, 'SIGSEGV'),
      'was killed by SIGSEGV (an access to memory that is not its own, usually a bug in native code)',
    ],
    [exit(null, 'SIGKILL'), 'was killed by SIGKILL (kill -9, or the kernel because memory ran out)'],
    [exit(null, 'SIGRTMIN'), 'was killed by SIGRTMIN'],
    [exit(null), 'is gone, the system does not say how'],
  ])('of %o', (given, words) => {
    expect(exitInWords(given)).toBe(words);
  });

  test('knows a signal behind the exit code of a shell', () => {
    expect(signalOf(exit(null, 'SIGTERM'))).toBe('SIGTERM');
    expect(signalOf(exit(139))).toBe('SIGSEGV');
    expect(signalOf(exit(1))).toBeNull();
    expect(signalOf(exit(null))).toBeNull();
  });

  test.skipIf(process.platform !== 'linux')('numbers signals as Linux does', () => {
    for (const [name, number] of Object.entries(constants.signals)) {
      const found = signalOf(exit(128 + number));
      if (found !== null && !['SIGIOT', 'SIGUNUSED'].includes(name)) expect(found).toBe(name);
    }
  });
});
