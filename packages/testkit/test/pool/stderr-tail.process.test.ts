import { ProcessPool } from '@ostler/pool';
import { nodeFixture, pythonFixture, whyNoPython } from '@ostler/testkit';
import { expect, it } from 'vitest';

it.for([['Node', nodeFixture('faulty')] as const, ['Python (needs python3)', pythonFixture('faulty')] as const])(
  'what a %s handler prints to stderr is the story of its crash, and a log line of its task',
  async ([language, command], { skip }) => {
    skip(language !== 'Node' && whyNoPython() !== null, 'needs python3');
    const pool = new ProcessPool({ command, maxWorkers: 1, output: 'event', name: 'shop' });
    const lines: unknown[] = [];
    pool.on('log', ({ taskId, source, line }) => lines.push({ taskId, source, line }));
    try {
      await expect(pool.run('', { handler: 'complain' })).rejects.toMatchObject({
        code: 'ERR_WORKER_CRASHED',
        exit: { exitCode: 3 },
        stderrTail: 'no licence for this machine\ngiving up\n',
        message: expect.stringMatching(/exited with code 3 .*; its stderr ended with: giving up$/),
      });
      expect(lines).toEqual([
        { taskId: 1, source: 'stderr', line: 'no licence for this machine' },
        { taskId: 1, source: 'stderr', line: 'giving up' },
      ]);
    } finally {
      await pool.destroy();
    }
  },
);
