import { TRANSPORTS } from './launch.js';
import type { CheckResult, ConformanceReport } from './run-conformance.js';

const CELLS = { ok: 'ok', failed: 'FAILED', 'not-applicable': '-' } as const;

/** The report as a table, a row per rule and a column per transport, with what is broken spelled out below. */
export function formatReport({ command, hello, results, failed }: ConformanceReport): string {
  const transports = TRANSPORTS.filter((transport) => results.some((result) => result.transport === transport));
  const rules = new Map(results.map(({ check, rule }) => [check, rule]));
  const rows = [...rules].map(([name, rule], index) => [
    String(index + 1).padStart(3),
    name,
    ...transports.map((transport) =>
      cell(results.find((found) => found.check === name && found.transport === transport)),
    ),
    rule,
  ]);
  const notes = [...rules.keys()].flatMap((name) => describeNotes(results.filter(({ check }) => check === name)));
  const broken = results.filter(({ status }) => status === 'failed').map(describeFailure);
  const counted = (status: CheckResult['status']) => results.filter((result) => result.status === status).length;
  return [
    `${command.join(' ')}`,
    introduction(hello, results),
    '',
    ...table([['', 'rule', ...transports, ''], ...rows]),
    ...(notes.length > 0 ? ['', 'where the rule leaves a choice:', ...notes] : []),
    ...broken.flatMap((text) => ['', text]),
    '',
    `${counted('ok')} ok, ${failed} failed, ${counted('not-applicable')} not applicable`,
  ].join('\n');
}

function introduction(hello: ConformanceReport['hello'], results: readonly CheckResult[]): string {
  if (hello !== undefined) return `${hello.sdk.name} ${hello.sdk.version}: ${hello.capabilities.join(', ')}`;
  const silent = results.some(({ check, status }) => check === 'hello' && status === 'failed');
  return silent ? 'no worker: it never said HELLO' : 'a program that knows no frames';
}

function cell(result: CheckResult | undefined): string {
  return CELLS[result?.status ?? 'not-applicable'];
}

/** One line per rule; the transports are named where they differ. */
function describeNotes(results: readonly CheckResult[]): string[] {
  const chosen = results.filter(({ status, note }) => status === 'ok' && note !== undefined);
  const [first, ...rest] = chosen;
  if (first === undefined) return [];
  if (rest.every(({ note }) => note === first.note)) return [`  ${first.check}: ${first.note}`];
  return [`  ${first.check}: ${chosen.map(({ transport, note }) => `${note} (${transport})`).join(', ')}`];
}

function describeFailure({ check, transport, rule, expected, got, bytes }: CheckResult): string {
  const told = `FAILED ${check} (${transport}): ${rule}\n  expected ${expected}\n  got      ${got}`;
  return bytes ? `${told}\n  the channel's last bytes: ${bytes}` : told;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
