import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeOs } from '@ostler/pool/os';
import { afterEach, describe, expect, test } from 'vitest';
import { RealWorker } from './real-worker.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const WORKERS = {
  Node: () => new RealWorker([process.execPath, path('fixtures/worker.mjs')]),
  Python: () => {
    const env = { PYTHONPATH: path('../../../../apps/worker-python'), PYTHONDONTWRITEBYTECODE: '1' };
    return new RealWorker(['python3', path('fixtures/worker.py')], env);
  },
} as const;
const hasPython = spawnSync('python3', ['--version']).status === 0;
const WINDOWS = process.platform === 'win32';
/** What is left of a worker that kills itself: Windows has no signals. */
const KILLED_ITSELF = WINDOWS ? { exitCode: 1, signal: null } : { exitCode: null, signal: 'SIGKILL' };

const program = (source: string) => [process.execPath, '-e', source] as const;

const started: RealWorker[] = [];

function start(worker: RealWorker): RealWorker {
  started.push(worker);
  return worker;
}

afterEach(async () => {
  for (const worker of started.splice(0)) {
    worker.process.signal('SIGKILL');
    await worker.end();
  }
});

describe.each(['Node', 'Python (needs python3)'] as const)('a worker in %s', (named) => {
  const language = named === 'Node' ? 'Node' : 'Python';
  const needed = language === 'Node' || hasPython;
  const startIt = async (): Promise<RealWorker> => {
    const worker = start(WORKERS[language]());
    await worker.until(() => worker.isReady);
    return worker;
  };

  test.runIf(needed)('answers, in order, whatever the size', async () => {
    const worker = await startIt();
    const big = 'süß 🐎 '.repeat(200_000);
    worker.send(1, 'one');
    worker.send(2, big);
    worker.send(3, Buffer.from(big));
    worker.send(4, '', 'nobody');
    worker.process.endInput();
    expect((await worker.end()).exit).toMatchObject({ exitCode: 0, signal: null });
    expect(worker.replies.slice(0, 3)).toEqual(['1: one', `2: ${big}`, `3: ${big}`]);
    expect(worker.replies[3]).toContain('4! ');
    expect(worker.violations).toEqual([]);
  });

  test.runIf(needed)('streams', async () => {
    const worker = await startIt();
    worker.send(5, '', 'count', true);
    await worker.until(() => worker.replies.length === 4);
    expect(worker.replies).toEqual(['5+ 5.0', '5+ 5.1', '5+ 5.2', '5.']);
  });

  test.runIf(needed)('that is killed loses no reply of the tasks before', async () => {
    const worker = await startIt();
    for (let id = 1; id <= 50; id++) worker.send(id, `${id}`);
    worker.send(51, '', 'crash');
    worker.send(52, 'never begun');
    const gone = await worker.end();
    expect(gone).toMatchObject({ phase: 'ready', exit: KILLED_ITSELF });
    expect([...new Set(worker.replies)]).toEqual(Array.from({ length: 50 }, (_, i) => `${i + 1}: ${i + 1}`));
    expect([51, null]).toContain(gone.ledgerStarted);
  });
});

test('a plain program is known by its output and exit', async () => {
  const worker = start(
    new RealWorker(program("console.log('usage: tool'); console.error('no such option'); process.exitCode = 2")),
  );
  expect(await worker.end()).toMatchObject({
    phase: 'handshake',
    exit: { exitCode: 2, signal: null },
    stdoutHead: 'usage: tool\n',
    stderrTail: 'no such option\n',
  });
  expect(worker.lines.toSorted()).toEqual(['stderr: no such option', 'stdout: usage: tool']);
});

test('a program that is not there is gone before it began', async () => {
  const worker = start(new RealWorker(['ostler-no-such-program']));
  const gone = await worker.end();
  expect(gone).toMatchObject({ phase: 'spawn', exit: { pid: 0 } });
  expect(gone.spawnError?.code).toBe('ENOENT');
});

test.skipIf(WINDOWS)(
  'a worker is gone although somebody of another session holds its pipes (needs POSIX)',
  async () => {
    const worker = start(new RealWorker(['sh', '-c', 'setsid sleep 1000 & echo $!; exit 4']));
    expect(await worker.end()).toMatchObject({ exit: { exitCode: 4 } });
    const [pid] = worker.lines.map((line) => Number(line.replace('stdout: ', '')));
    const kill = () => process.kill(pid as number, 'SIGKILL');
    if (nodeOs().addonPath === undefined)
      kill(); // throws where it is not alive
    else expect(kill).toThrow('ESRCH'); // the guard has left nothing
  },
);
