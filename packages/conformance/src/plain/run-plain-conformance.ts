import type { CheckResult, Command, ConformanceReport } from '../run-conformance.js';
import { Violation } from '../violation.js';
import { EXEC_CHECKS, LINE_CHECKS, type PlainCheck } from './plain-checks.js';
import { PlainProgram } from './plain-program.js';

export interface PlainConformanceOptions {
  readonly protocol: 'lines' | 'exec';
  /** A line that the program understands; 'hello'. */
  readonly input?: string;
  /** Names of checks, or the beginnings of names; all by default. */
  readonly only?: readonly string[];
  /** Milliseconds after which something that should happen counts as not happening; 10,000. */
  readonly timeout?: number;
}

/** Plays what a pool asks of a program that knows no frames; never rejects because of what the program does. */
export async function runPlainConformance(
  command: Command,
  { protocol, input = 'hello', only, timeout = 10_000 }: PlainConformanceOptions,
): Promise<ConformanceReport> {
  const all = protocol === 'lines' ? LINE_CHECKS : EXEC_CHECKS;
  const checks = all.filter(({ name }) => only?.some((start) => name.startsWith(start)) ?? true);
  if (checks.length === 0) throw new RangeError(`no check is named ${only?.join(' or ')}`);
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await play(check, new PlainProgram(command, timeout), input));
  return { command, results, failed: results.filter(({ status }) => status === 'failed').length };
}

async function play(check: PlainCheck, program: PlainProgram, input: string): Promise<CheckResult> {
  const told = { check: check.name, rule: check.rule, transport: 'stdio' } as const;
  try {
    await check.run(program, input);
    return { ...told, status: 'ok' };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { ...told, status: 'failed', expected: error.expected, got: error.got };
  } finally {
    await program.destroy();
  }
}
