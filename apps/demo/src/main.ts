import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.js';
import { runDemo } from './demo.js';
import { Screen } from './terminal/screen.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const { env, stdout } = process;
// npm runs scripts in the project's folder; where the user is, it says in INIT_CWD.
const cwd = env.INIT_CWD ?? process.cwd();
const screen = new Screen(stdout, {
  live: stdout.isTTY === true && env.TERM !== 'dumb',
  colours: !env.NO_COLOR && (stdout.isTTY === true || Boolean(env.FORCE_COLOR)),
});

process.exitCode = await main();

async function main(): Promise<number> {
  let asked: Arguments;
  try {
    asked = readArguments(process.argv.slice(2), { cwd, home: PROJECT });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return 2;
  }
  if (asked.help) {
    stdout.write(`${USAGE}\n`);
    return 0;
  }
  const leaving = new AbortController();
  const leave = (code: number) => leaving.abort(code);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => leave(128 + constants.signals[signal]));
  }
  stdout.on('error', () => leave(128 + (constants.signals.SIGPIPE ?? 13)));
  return runDemo(asked, screen, leaving.signal);
}
