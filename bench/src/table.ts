import type { Row } from './report.js';

const HEAD = ['measure', 'ours', 'reference', 'ratio', 'unit', 'reference is'];
const TEXT_COLUMNS = new Set([0, 4, 5]);

/** Lines of a table; `ratio` says by an arrow which way is better. */
export function formatRows(rows: readonly Row[]): string[] {
  const cells = rows.map(({ measure, ours, reference, ratio, unit, against, better }) => [
    measure,
    number(ours),
    number(reference),
    `${better === 'more' ? '↑' : '↓'} ${ratio.toFixed(2)}`,
    unit,
    against,
  ]);
  const widths = HEAD.map((title, column) => Math.max(title.length, ...cells.map((each) => each[column]?.length ?? 0)));
  const line = (each: readonly string[]): string =>
    each
      .map((cell, at) => (TEXT_COLUMNS.has(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(HEAD), widths.map((width) => '─'.repeat(width)).join('──'), ...cells.map(line)];
}

function number(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
