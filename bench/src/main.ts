import { fileURLToPath } from 'node:url';
import { type Arguments, readArguments, USAGE, UsageError } from './arguments.js';
import { describeMachine, machineLine } from './machine.js';
import { planOf } from './plan.js';
import { findPython } from './python.js';
import { type Report, writeReport } from './report.js';
import { SUITES } from './suites/index.js';
import { formatRows, markdownRows } from './table.js';

const RESULTS = fileURLToPath(new URL('../results/latest.json', import.meta.url));
const EXIT_USAGE = 2;

process.exitCode = await main();

async function main(): Promise<number> {
  let asked: Arguments;
  try {
    asked = readArguments(process.argv.slice(2), [...SUITES.keys()]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    return EXIT_USAGE;
  }
  if (asked.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  await measure(asked);
  return 0;
}

async function measure({ quick, markdown, suites, results }: Arguments): Promise<void> {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const plan = planOf(quick, await findPython());
  const report: Report = { machine: describeMachine(), quick, suites: [] };
  print(machineLine(report.machine));
  for (const name of suites) {
    const suite = SUITES.get(name);
    if (suite === undefined) continue; // `readArguments` knows them all
    print(`\n${name}\n${suite.about(plan)}\n`);
    const rows = await suite.run(plan);
    const notMeasured = suite.notMeasured?.() ?? [];
    report.suites.push({ name, rows, notMeasured });
    for (const line of rows.length > 0 ? formatRows(rows) : []) print(line);
    for (const what of notMeasured) print(`not measured: ${what}`);
  }
  if (markdown) {
    print('');
    for (const { name, rows } of report.suites) for (const line of markdownRows(name, rows)) print(line);
  }
  const path = results ?? RESULTS;
  await writeReport(path, report);
  print(`\nwritten to ${path}`);
}
