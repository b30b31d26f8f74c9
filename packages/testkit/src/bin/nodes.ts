import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fetchNode } from '../nodes/fetch-node.js';

const run = promisify(execFile);

/** A version of each maintained line after the oldest that is supported, which the tests run under; pinned, so that a run can be repeated. */
const VERSIONS = ['22.23.3', '24.21.0', '26.10.0'];
const SMOKE = fileURLToPath(new URL('node-smoke.js', import.meta.url));
const MOST_MS = 60_000;

/** Tries one version, and says on a line what came of it. */
async function tryNode(version: string): Promise<boolean> {
  try {
    const { stdout } = await run(await fetchNode(version), [SMOKE], { timeout: MOST_MS, killSignal: 'SIGKILL' });
    process.stdout.write(`Node ${version}: ok: ${stdout.trim()}\n`);
    return true;
  } catch (error) {
    const { killed, message, stderr } = error as Error & { killed?: boolean; stderr?: string };
    process.stdout.write(
      `Node ${version}: FAILED${killed ? ` after ${MOST_MS} ms` : ''}: ${whatFailed(stderr) ?? message}\n`,
    );
    process.stderr.write(stderr ?? '');
    return false;
  }
}

/** The line of an uncaught error that names it. */
function whatFailed(stderr = ''): string | undefined {
  return stderr.split('\n').find((line) => /^\w*Error\b/.test(line));
}

async function main(versions: readonly string[]): Promise<number> {
  let failures = 0;
  for (const version of versions) if (!(await tryNode(version))) failures++;
  return failures === 0 ? 0 : 1;
}

const named = process.argv.slice(2);
process.exitCode = await main(named.length > 0 ? named : VERSIONS);
