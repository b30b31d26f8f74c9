import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { exitInWords } from '../../dist/errors/exit-in-words.js';
import { lastLine } from '../../dist/errors/one-line.js';
import { outOfMemory } from '../../dist/errors/out-of-memory.js';

/** As much of stderr as the pool keeps. */
const KEPT = 4096;

function end(file: string, ...args: string[]) {
  const { pid, status, signal, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  return { exit: { pid, exitCode: status, signal }, stderrTail: stderr.slice(-KEPT) };
}

const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', '']).status === 0);

describe('a real process that ends', () => {
  test('of a heap that is full has run out of memory', () => {
    const code = 'const all = []; for (;;) all.push(new Array(1000).fill({}))';
    const { exit, stderrTail } = end(process.execPath, '--max-old-space-size=20', '-e', code);
    expect(outOfMemory(exit, stderrTail)).toBe('runtime');
    expect(lastLine(stderrTail)).toMatch(/^FATAL ERROR: .*heap out of memory$/);
  });

  test('of an uncaught error is told by that error', () => {
    const code = "throw Object.assign(new RangeError('too far'), { code: 'E_FAR' })";
    const { exit, stderrTail } = end(process.execPath, '-e', code);
    expect(lastLine(stderrTail)).toBe('RangeError: too far');
    expect(exitInWords(exit)).toBe('exited with code 1');
    expect(outOfMemory(exit, stderrTail)).toBeNull();
  });

  test('of a flag that Node does not know is told so', () => {
    const { exit, stderrTail } = end(process.execPath, '--no-such-flag');
    expect(exitInWords(exit)).toBe('exited with code 9 (for Node: a flag that it does not know)');
    expect(lastLine(stderrTail)).toMatch(/bad option: --no-such-flag$/);
  });

  test.skipIf(python === undefined)('of a MemoryError in Python has run out of memory (needs python3)', () => {
    const { exit, stderrTail } = end(python as string, '-c', "'x' * (1 << 62)");
    expect(outOfMemory(exit, stderrTail)).toBe('runtime');
    expect(lastLine(stderrTail)).toBe('MemoryError');
  });

  test.skipIf(process.platform === 'win32')('by a signal is told by its name (needs POSIX)', () => {
    const { exit } = end(process.execPath, '-e', "process.kill(process.pid, 'SIGKILL')");
    expect(exitInWords(exit)).toBe('was killed by SIGKILL (kill -9, or the kernel because memory ran out)');
  });
});
