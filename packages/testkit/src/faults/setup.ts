import { execFileSync } from 'node:child_process';
import { nodeFixture, pythonFixture } from '../fixtures.js';

/** How a worker is spoken with, and whether it holds one task at a time or several. */
export interface Setup {
  readonly language: 'node' | 'python';
  /** Private descriptors, stdin and stdout, or private descriptors with a ledger. */
  readonly transport: 'channel' | 'stdio' | 'ledger';
  readonly depth: 'one' | 'ahead';
}

export type Command = readonly [file: string, ...args: string[]];

const LANGUAGES = ['node', 'python'] as const;
const TRANSPORTS = ['channel', 'stdio', 'ledger'] as const;

/** Every way in which a worker can be connected. */
export const SETUPS: readonly Setup[] = LANGUAGES.flatMap((language) =>
  TRANSPORTS.flatMap((transport) => (['one', 'ahead'] as const).map((depth) => ({ language, transport, depth }))),
);

/** What is taken out of a worker's environment, so that it finds no more than its transport offers. */
const HIDDEN = {
  channel: ['-u', 'OSTLER_LEDGER'],
  stdio: ['-u', 'OSTLER_CHANNEL', '-u', 'OSTLER_LEDGER'],
  ledger: [],
} as const;

/** The command line of a fixture in the setup's language, connected by its transport. */
export function commandOf(setup: Pick<Setup, 'language' | 'transport'>, fixture: string): Command {
  const [file, ...args] = setup.language === 'node' ? nodeFixture(fixture) : pythonFixture(fixture);
  const program = setup.language === 'node' ? file : pythonItself();
  return ['env', ...HIDDEN[setup.transport], program, ...args];
}

let python: string | undefined;

/** The interpreter: `python3` may be a version manager's shim, which takes longer to start than Python. */
function pythonItself(): string {
  python ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
  return python;
}
