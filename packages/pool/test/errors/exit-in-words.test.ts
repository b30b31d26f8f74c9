import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { exitInWords, signalOf } from '../../src/errors/exit-in-words.js';

const exit = (exitCode: number | null, signal: string | null = null) => ({ pid: 5, exitCode, signal });

const ACCESS_VIOLATION =
  'STATUS_ACCESS_VIOLATION, 0xC0000005: an access to memory that is not its own, usually a bug in native code';

describe('an exit in words', () => {
  test.each([
    [exit(1), 'exited with code 1'],
    [exit(0), 'exited with code 0'],
    [exit(70), 'exited with code 70 (it read damaged bytes on its task channel)'],
    [exit(127), 'exited with code 127 (for a shell: no such command)'],
    [exit(137), 'exited with code 137 (128 + the number of SIGKILL: kill -9, or the kernel because memory ran out)'],
    [exit(0xc0000005), `exited with code 3221225477 (${ACCESS_VIOLATION})`],
    [exit(-1073741819), `exited with code -1073741819 (${ACCESS_VIOLATION})`],
    [
      exit(0xc000013a),
      'exited with code 3221225786 (STATUS_CONTROL_C_EXIT, 0xC000013A: Ctrl-C, or its console was closed)',
    ],
    [exit(0xe0434352), 'exited with code 3762504530 (EXCEPTION_COMPLUS, 0xE0434352: an unhandled .NET exception)'],
    [exit(0x7fffffff), 'exited with code 2147483647'],
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

  test.skipIf(process.platform !== 'linux')('numbers signals as Linux does (needs Linux)', () => {
    for (const [name, number] of Object.entries(constants.signals)) {
      const found = signalOf(exit(128 + number));
      if (found !== null && !['SIGIOT', 'SIGUNUSED'].includes(name)) expect(found).toBe(name);
    }
  });
});
