import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ProcessPool } from '@ostler/pool';
import { nodeFixture, pythonFixture, whyNoPython } from '@ostler/testkit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const INTERRUPTED = fileURLToPath(new URL('./programs/interrupted.js', import.meta.url));

describe.each([
  ['Node', nodeFixture('faulty')],
  ['Python (needs python3)', pythonFixture('faulty')],
])('a %s worker', (language, command) => {
  beforeEach(({ skip }) => skip(language !== 'Node' && whyNoPython() !== null, 'needs python3'));

  it('that is busy when the pool closes finishes what it has, and exits with 0', async () => {
    const pool = new ProcessPool({ command, maxWorkers: 2, minWorkers: 2, output: 'event' });
    onTestFinished(() => pool.destroy());
    const exits: unknown[] = [];
    pool.on('worker-exit', ({ exit, reason }) => exits.push([exit.exitCode, exit.signal, reason]));
    await pool.ready();
    const replies = Array.from({ length: 50 }, (_, n) => pool.run(`${n}`, { handler: 'sha512' }));
    await pool.close();
    expect((await Promise.all(replies)).map(({ length }) => length)).toEqual(Array(50).fill(64));
    expect(exits).toEqual([
      [0, null, 'closing'],
      [0, null, 'closing'],
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'does not hear of Ctrl-C in the terminal of its pool (needs POSIX)',
    async () => {
      const program = spawn(process.execPath, [INTERRUPTED, ...command], {
        detached: true, // a group, as a terminal has one, that the signal goes to
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      onTestFinished(() => void program.kill('SIGKILL'));
      const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
      const before = String((await lines.next()).value);
      process.kill(-(program.pid as number), 'SIGINT');
      const after = String((await lines.next()).value);
      expect(after).toBe(before.replace('before', 'after'));
    },
  );
});
