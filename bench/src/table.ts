import type { Row } from './report.js';

const HEAD = ['measure', 'ours', 'reference', 'ratio', 'unit', 'reference is'];
const TEXT_COLUMNS = new Set([0, 4, 5]);

/** Lines of a table; `ratio` says by an arrow which way is better. */
export function formatRows(rows: readonly Row[]): string[] {
  const cells = rows.map(cellsOf);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...cells.map((each) => each[column]?.length ?? 0)));
  const line = (each: readonly string[]): string =>
    each
      .map((cell, at) => (TEXT_COLUMNS.has(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(HEAD), widths.map((width) => '─'.repeat(width)).join('──'), ...cells.map(line)];
}

/** The lines of a suite in the table of bench/README.md. */
export function markdownRows(suite: string, rows: readonly Row[]): string[] {
  return rows.map((each) => `| ${[suite, ...cellsOf(each)].join(' | ')} |`);
}

function cellsOf({ measure, ours, reference, ratio, unit, against, better }: Row): string[] {
  const arrow = better === 'more' ? '↑' : '↓';
  return [measure, number(ours), number(reference), `${arrow} ${ratio.toFixed(2)}`, unit, against];
}

function number(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
