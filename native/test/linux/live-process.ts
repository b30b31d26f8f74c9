import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach } from 'vitest';

const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** A Node process with all of its threads, ended after its test; `script` runs in it once it has said so. */
export async function startNode({
  script = '',
  uid,
}: {
  script?: string;
  uid?: number;
} = {}): Promise<ChildProcess & { pid: number }> {
  const code = `${script}; setInterval(() => {}, 60_000); process.stdout.write('ready\\n');`;
  const options = uid === undefined ? {} : { uid };
  const child = spawn(process.execPath, ['-e', code], { stdio: ['pipe', 'pipe', 'inherit'], ...options });
  children.push(child);
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return child as ChildProcess & { pid: number };
}
