import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';

/** The workspace's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const WINDOWS = process.platform === 'win32';
/** Each running child with the signal that passes a Ctrl-C on to it. */
const children = new Map();
let interruptedBy;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interruptedBy ??= signal;
    // A terminal's Ctrl-C has reached the children already, and a second SIGINT means "kill" to some of them.
    if (signal === 'SIGINT' && isatty(0)) return;
    for (const [child, onInterrupt] of children) child.kill(signal === 'SIGINT' ? onInterrupt : signal);
  });
}

/** A phase that failed: `message` says which, `exitCode` is what this process should end with. */
export class PhaseError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Throws when a Ctrl-C or SIGTERM came, so that no further phase begins. */
export function stopIfInterrupted() {
  if (interruptedBy !== undefined) throw new PhaseError('interrupted', signalCode(interruptedBy));
}

/** Runs a command on this terminal and gives its exit code (128 + n for signal n). */
export async function run(command, args, options = {}) {
  return (await start(command, args, { ...options, stdio: 'inherit' })).code;
}

/** Runs a command and keeps its output: `{ code, stdout, all }`. */
export function capture(command, args, options = {}) {
  return start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** As `capture`, but a failure prints all of the output and throws; gives what was written to stdout. */
export async function runQuietly(phase, command, args) {
  const { code, stdout, all } = await capture(command, args);
  if (code === 0) return stdout;
  stopIfInterrupted();
  process.stderr.write(all);
  throw new PhaseError(`${phase} failed (exit code ${code})`);
}

/** The shell that a shim needs would start, and say only in its own words that there is no such command. */
function isThere(shim) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => ['.cmd', '.exe'].some((ending) => existsSync(join(folder, `${shim}${ending}`))));
}

async function start(command, args, { shim = false, onInterrupt = 'SIGINT', ...options }) {
  stopIfInterrupted();
  if (WINDOWS && shim && !isThere(command)) throw Object.assign(new Error(`no ${command}`), { code: 'ENOENT' });
  return new Promise((resolve, reject) => {
    // npm's and pnpm's commands are .cmd files on Windows, which only a shell runs. They get our own plain words only;
    // what a user typed goes to `node` itself, so nothing ever needs quoting.
    const child = spawn(command, args, { cwd: ROOT, shell: WINDOWS && shim, ...options });
    children.set(child, onInterrupt);
    let [stdout, all] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      all += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      all += text;
    });
    child.on('error', (error) => {
      children.delete(child);
      reject(error);
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve({ code: code ?? signalCode(signal), stdout, all });
    });
  });
}

function signalCode(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}
