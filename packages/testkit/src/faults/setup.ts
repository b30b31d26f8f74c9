import { LANGUAGES, type Language, missingLanguages } from './language.js';

/** How a worker is spoken with, and whether it holds one task at a time or several. */
export interface Setup {
  readonly language: Language;
  /** Private descriptors, stdin and stdout, or private descriptors with a ledger. */
  readonly transport: 'channel' | 'stdio' | 'ledger';
  readonly depth: 'one' | 'ahead';
}

export type Command = readonly [file: string, ...args: string[]];

const TRANSPORTS = ['channel', 'stdio', 'ledger'] as const;
const HERE = Object.keys(LANGUAGES).filter((language) => !missingLanguages().has(language as Language)) as Language[];

/** Every way in which a worker can be connected, in the languages that this machine has. */
export const SETUPS: readonly Setup[] = HERE.flatMap((language) =>
  TRANSPORTS.flatMap((transport) => (['one', 'ahead'] as const).map((depth) => ({ language, transport, depth }))),
);

/** What is taken out of a worker's environment, so that it finds no more than its transport offers. */
const HIDDEN = {
  channel: ['-u', 'OSTLER_LEDGER'],
  stdio: ['-u', 'OSTLER_CHANNEL', '-u', 'OSTLER_LEDGER'],
  ledger: [],
} as const;

/** The command line of a fixture in the setup's language, connected by its transport. */
export function commandOf({ language, transport }: Pick<Setup, 'language' | 'transport'>, fixture: string): Command {
  return ['env', ...HIDDEN[transport], ...LANGUAGES[language].command(fixture)];
}
