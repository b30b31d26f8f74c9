import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Machine } from './machine.js';

/** One figure of ours beside one of somebody else, taken in the same run. */
export interface Row {
  measure: string;
  ours: number;
  reference: number;
  /** ours / reference. */
  ratio: number;
  unit: string;
  /** What the reference is. */
  against: string;
  better: 'more' | 'less';
}

export interface Report {
  machine: Machine;
  quick: boolean;
  /** `notMeasured`: what could not be measured on this machine, and why. */
  suites: { name: string; rows: Row[]; notMeasured: readonly string[] }[];
}

/** A row, with its ratio. */
export function row(facts: Omit<Row, 'ratio'>): Row {
  const { measure, ours, reference, unit, against, better } = facts;
  return { measure, ours, reference, ratio: ours / reference, unit, against, better };
}

/** Makes the folder, too. */
export async function writeReport(path: string, report: Report): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
}
