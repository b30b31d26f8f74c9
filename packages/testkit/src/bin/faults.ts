import { parseArgs } from 'node:util';
import { FAULTS, formatGrid, isRight, runGrid } from '../faults/index.js';

const USAGE = 'usage: faults [--only FAULT]… [--json]';
const EXIT = { failed: 1, usage: 2 } as const;

function readArguments() {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } },
  });
  const unknown = values.only?.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    throw new TypeError(`no fault '${unknown}', only ${FAULTS.map(({ name }) => `'${name}'`).join(', ')}`);
  }
  return { json: values.json, faults: FAULTS.filter(({ name }) => values.only?.includes(name) ?? true) };
}

async function main({ json, faults }: ReturnType<typeof readArguments>): Promise<number> {
  let done = 0;
  const onCell = (): void => {
    done++;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} cells`);
  };
  const cells = await runGrid({ faults, onCell });
  if (process.stderr.isTTY) process.stderr.write('\r');
  process.stdout.write(`${json ? JSON.stringify(cells, null, 2) : formatGrid(cells)}\n`);
  return cells.every(isRight) ? 0 : EXIT.failed;
}

let options: ReturnType<typeof readArguments> | undefined;
try {
  options = readArguments();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = EXIT.usage;
}
if (options !== undefined) process.exitCode = await main(options);
