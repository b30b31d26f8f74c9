import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Python } from '../python.js';
import type { Runner } from './runner.js';

const NODE_PROGRAM = fileURLToPath(new URL('../children/hash-once.js', import.meta.url));
const PYTHON_PROGRAM = 'import hashlib, sys; sys.stdout.buffer.write(hashlib.sha512(sys.stdin.buffer.read()).digest())';

export function nodeProgram(): readonly [string, ...string[]] {
  return [process.execPath, NODE_PROGRAM];
}

export function pythonProgram({ executable }: Python): readonly [string, ...string[]] {
  return [executable, '-c', PYTHON_PROGRAM];
}

/** A process for each task: the body goes in by stdin, the digest comes out by stdout. */
export function processPerTask([file, ...args]: readonly [string, ...string[]]): Runner {
  return {
    name: 'one process per task',
    run: (body) =>
      new Promise((resolve, reject) => {
        const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
        const chunks: Buffer[] = [];
        child.on('error', reject);
        child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
        child.on('close', () => resolve(Buffer.concat(chunks)));
        child.stdin.end(body);
      }),
    close: () => Promise.resolve(),
  };
}
