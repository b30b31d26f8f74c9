import { type Cell, isRight } from './cell.js';

const HEAD = ['fault', 'worker', 'over', 'depth', 'bad task', 'hurt', 'lost', 're-run', 'next', 'left'];

/** The grid as a table; setups of one fault and language in which the same happened share a line. */
export function formatGrid(cells: readonly Cell[]): string {
  const lines = new Map<string, Cell[]>();
  for (const cell of cells) {
    const { fault, setup, notes } = cell;
    const key = JSON.stringify([fault, setup.language, isRight(cell), notes, ...outcomeOf(cell)]);
    lines.set(key, [...(lines.get(key) ?? []), cell]);
  }
  const rows = [...lines.values()].map(rowOf);
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map(({ fields }) => fields[column]?.length ?? 0)),
  );
  const text = (fields: readonly string[]): string =>
    fields
      .map((field, column) => field.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const wrong = cells.filter((cell) => !isRight(cell)).length;
  return [
    text(HEAD),
    ...rows.map(({ fields, remark }) => `${text(fields)}${remark}`),
    '',
    `${cells.length} cells, ${wrong} wrong`,
  ].join('\n');
}

function rowOf(cells: readonly Cell[]): { fields: string[]; remark: string } {
  const [first] = cells as [Cell];
  const each = (pick: (cell: Cell) => string): string => [...new Set(cells.map(pick))].join(' ');
  const { fault, setup, expected } = first;
  const places = [each((cell) => cell.setup.transport), each((cell) => cell.setup.depth)];
  const problems = [...(first.bad === expected ? [] : [`expected ${expected}`]), ...first.notes];
  const remark = isRight(first) ? '' : `  WRONG ${problems.join('; ')}`.trimEnd();
  return { fields: [fault, setup.language, ...places, ...outcomeOf(first)], remark };
}

function outcomeOf({ bad, hurt, lost, rerun, next, left }: Cell): string[] {
  return [bad, String(hurt), String(lost), String(rerun), next ? 'works' : 'FAILS', String(left)];
}
