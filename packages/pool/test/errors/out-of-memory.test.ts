import { describe, expect, test } from 'vitest';
import { outOfMemory } from '../../src/errors/out-of-memory.js';

const exit = (how: number | string) =>
  typeof how === 'number' ? { pid: 5, exitCode: how, signal: null } : { pid: 5, exitCode: null, signal: how };

describe('a runtime that ran out of memory', () => {
  test.each([
    [
      'V8',
      'SIGABRT',
      '\n<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n 1: 0xb78db3 node::OOMErrorHandler [node]\n',
    ],
    ['V8 on Windows', 134, 'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed\r\n'],
    ['V8 outside of its heap', 'SIGTRAP', '#\n# Fatal process out of memory: Zone\n#\n'],
    ['Python', 1, 'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nMemoryError\n'],
    ['Python with words', 1, 'Traceback (most recent call last):\nMemoryError: cannot allocate\n'],
    ['numpy', 1, 'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 9.31 GiB\n'],
    ['.NET', 'SIGABRT', 'Out of memory.\n'],
    [
      '.NET with an exception',
      'SIGABRT',
      'Unhandled exception. System.OutOfMemoryException: Array dimensions\n   at X()\n',
    ],
    ['Java', 1, 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat X.main(X.java:3)\n'],
    ['Go', 2, 'fatal error: runtime: out of memory\n\nruntime stack:\n'],
    ['Rust', 'SIGABRT', 'memory allocation of 8589934592 bytes failed\n'],
    ['C++', 'SIGABRT', "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n"],
    ['Ruby', 1, '[FATAL] failed to allocate memory\n'],
    ['V8 behind a shell', 134, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n'],
  ])('is recognised: %s', (_, how, stderr) => {
    expect(outOfMemory(exit(how), stderr)).toBe('runtime');
  });

  test.each([
    ['a crash of another kind', 'SIGSEGV', 'Segmentation fault\n'],
    ['a clean exit after such words', 0, 'MemoryError\n'],
    ['a SIGKILL, which any of us may have sent', 'SIGKILL', ''],
    ['a SIGKILL after such words', 'SIGKILL', 'MemoryError\n'],
    ['another error after a MemoryError', 1, 'MemoryError\n\nTraceback (most recent call last):\nValueError: x\n'],
    ['an error with such a name', 1, 'MyMemoryError: x\n'],
    ['a line that quotes one', 1, 'log: saw java.lang.OutOfMemoryError in a file\nError: x\n'],
    ['silence', 1, ''],
  ])('is not seen in %s', (_, how, stderr) => {
    expect(outOfMemory(exit(how), stderr)).toBeNull();
  });
});
