import {
  type Command,
  type ConformanceReport,
  formatReport,
  runConformance,
  runPlainConformance,
  TRANSPORTS,
  type Transport,
} from '@ostler/conformance';
import { EXIT } from '../exit-codes.js';
import { UsageError } from '../usage-error.js';

export interface ConformanceFlags {
  readonly protocol: string;
  readonly only?: readonly string[];
  readonly transport?: readonly string[];
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly json?: boolean;
}

/** Plays every rule against a worker and prints what it did. Exit code 1 where a rule is broken. */
export async function conformance(command: readonly string[], flags: ConformanceFlags): Promise<number> {
  const [file, ...args] = command;
  if (file === undefined) throw new UsageError('no command given: ostler conformance [FLAGS] -- CMD…');
  const report = await play([file, ...args], flags);
  process.stdout.write(`${flags.json ? JSON.stringify(report, null, 2) : formatReport(report)}\n`);
  return report.failed > 0 ? EXIT.failed : EXIT.done;
}

async function play(command: Command, flags: ConformanceFlags): Promise<ConformanceReport> {
  const { protocol, only, timeout, input } = flags;
  const common = { timeout, ...(only && { only }) };
  try {
    if (protocol === 'frames') {
      const transports = (flags.transport ?? TRANSPORTS).map(toTransport);
      return await runConformance(command, { ...common, transports });
    }
    if (protocol !== 'lines' && protocol !== 'exec') {
      throw new UsageError(`--protocol should be frames, lines or exec, got '${protocol}'`);
    }
    return await runPlainConformance(command, { ...common, protocol, ...(input !== undefined && { input }) });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message); // no check has such a name
    throw error;
  }
}

function toTransport(name: string): Transport {
  const transport = TRANSPORTS.find((known) => known === name);
  if (transport === undefined) throw new UsageError(`no transport '${name}', only ${TRANSPORTS.join(', ')}`);
  return transport;
}
