import { oneLine } from './one-line.js';
import { nameErrors, OstlerError } from './ostler-error.js';
import { valueInWords } from './value-in-words.js';

/** What is wrong with an option: what was `expected` instead of the value, or a `problem` that needs no value to be told. */
export type InvalidOptionFacts = {
  /** Its path, as in 'retries.attempts'. */
  option: string;
  value: unknown;
  cause?: unknown;
} & ({ expected: string; hint?: string | undefined } | { problem: string });

/** An option that does not exist, or a value that it does not take. */
export class InvalidOptionError extends OstlerError {
  readonly option: string;
  readonly value: unknown;

  static {
    nameErrors(InvalidOptionError, 'InvalidOptionError');
  }

  constructor(facts: InvalidOptionFacts) {
    const options = facts.cause === undefined ? undefined : { cause: facts.cause };
    super(`${oneLine(facts.option)}: ${problemOf(facts)}`, 'ERR_INVALID_OPTION', options);
    this.option = facts.option;
    this.value = facts.value;
  }
}

function problemOf(facts: InvalidOptionFacts): string {
  if ('problem' in facts) return facts.problem;
  const hint = facts.hint === undefined ? '' : `; ${facts.hint}`;
  return `expected ${facts.expected}, got ${valueInWords(facts.value)}${hint}`;
}
