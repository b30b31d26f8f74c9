import type { BrokenPath, Exploration } from './explore.js';

const COLUMNS = ['configuration', 'states', 'transitions', 'checks', 'seconds'] as const;
const WIDTHS = [30, 12, 14, 14, 10] as const;

/** The heading of the table of explorations. */
export function formatHeading(): string {
  return formatRow([...COLUMNS]);
}

/** One row of the table: what was walked, and how long that took. */
export function formatExploration(name: string, { states, transitions, checks }: Exploration, ms: number): string {
  const numbers = [states, transitions, checks].map((count) => count.toLocaleString('en'));
  return formatRow([name, ...numbers, (ms / 1_000).toFixed(1)]);
}

/** The promise that was broken, with the shortest way there. */
export function formatBroken({ property, seen, path }: BrokenPath): string {
  return [`broken: ${property}: ${seen}, after`, ...path.map((move) => `  ${move}`)].join('\n');
}

function formatRow([name = '', ...cells]: string[]): string {
  const [first, ...widths] = WIDTHS;
  return name.padEnd(first) + cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('');
}
