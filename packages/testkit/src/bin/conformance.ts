import { parseArgs } from 'node:util';
import { formatReport, runConformance, type Transport } from '../conformance/index.js';
import { TRANSPORTS } from '../conformance/launch.js';

const USAGE = `usage: conformance [--only NAME]… [--transport ${TRANSPORTS.join('|')}]… [--timeout MS] [--json] [--] CMD…`;
const EXIT = { failed: 1, usage: 2 } as const;

const OPTIONS = {
  only: { type: 'string', multiple: true },
  transport: { type: 'string', multiple: true },
  timeout: { type: 'string', default: '10000' },
  json: { type: 'boolean', default: false },
} as const;

/** What follows the first word that is no option is the worker's command line, its options included. */
function readArguments() {
  const all = process.argv.slice(2);
  const { tokens } = parseArgs({ args: all, options: OPTIONS, allowPositionals: true, strict: false, tokens: true });
  const start = tokens.find(({ kind }) => kind === 'positional')?.index ?? all.length;
  const { values } = parseArgs({ args: all.slice(0, start), options: OPTIONS });
  const [file, ...args] = all.slice(start);
  if (file === undefined) throw new TypeError('no command given');
  const transports = (values.transport ?? TRANSPORTS).map(toTransport);
  const timeout = Number(values.timeout);
  if (!(timeout > 0)) throw new TypeError(`--timeout should be milliseconds, got '${values.timeout}'`);
  return { command: [file, ...args] as const, json: values.json, only: values.only, transports, timeout };
}

function toTransport(name: string): Transport {
  const transport = TRANSPORTS.find((known) => known === name);
  if (transport === undefined) throw new TypeError(`no transport '${name}', only ${TRANSPORTS.join(', ')}`);
  return transport;
}

async function main(): Promise<number> {
  const { command, json, only, transports, timeout } = readArguments();
  const report = await runConformance(command, { transports, timeout, ...(only && { only }) });
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : formatReport(report)}\n`);
  return report.failed > 0 ? EXIT.failed : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = EXIT.usage;
}
