import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../hash-files.js', import.meta.url));
const OWN = fileURLToPath(import.meta.url);
let script: ChildProcess | undefined;

afterEach(() => {
  if (script?.exitCode === null) script.kill('SIGKILL');
});

function start(): ChildProcess {
  script = spawn(process.execPath, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  return script;
}

function line(file: string): string {
  return `${createHash('sha512').update(readFileSync(file)).digest('hex')}  ${file}`;
}

test('the script hashes the files that its input names, in that order, and says which it could not read', async () => {
  const child = start();
  const errors: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (error) => errors.push(error));
  child.stdin?.end(`${SCRIPT}\n/no/such/file\n${OWN}\n`);
  const lines: string[] = [];
  for await (const each of createInterface({ input: child.stdout as NodeJS.ReadableStream })) lines.push(each);
  if (child.exitCode === null) await once(child, 'exit');
  expect(lines).toEqual([line(SCRIPT), line(OWN)]);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('ENOENT');
  expect(child.exitCode).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  'a Ctrl-C ends the intake, not the work: the script leaves with 130 and takes its workers along (needs POSIX)',
  async () => {
    const child = start();
    child.stderr?.resume();
    child.stdin?.write(`${SCRIPT}\n`); // and stays open: there may be more
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe(line(SCRIPT));
    const children = `/proc/${child.pid}/task/${child.pid}/children`;
    const workers = existsSync(children) ? readFileSync(children, 'utf8').trim().split(' ') : [];
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(workers.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  },
);

/** Resolves when no signal waits for the process: a second one of the same kind would be lost in the first. */
async function signalArrived(pid: number | undefined): Promise<void> {
  const pending = (): boolean => !/^ShdPnd:\s*0+$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  while (pending()) await new Promise(setImmediate);
}

test.skipIf(process.platform !== 'linux')('a second Ctrl-C ends work that would never end (needs /proc)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ostler-hash-files-'));
  const endless = join(folder, 'nobody-writes-here');
  execFileSync('mkfifo', [endless]); // blocks whoever opens it
  const child = start();
  const errors: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (error) => errors.push(error));
  child.stdin?.write(`${SCRIPT}\n${endless}\n`);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe(line(SCRIPT));
  const closed = once(child, 'close');
  child.kill('SIGINT');
  await signalArrived(child.pid);
  child.kill('SIGINT');
  expect(await closed).toEqual([130, null]);
  rmSync(folder, { recursive: true });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('the pool was closed while task 2');
});
