import { parseArgs } from 'node:util';
import {
  CONFIGURATIONS,
  type Configuration,
  explore,
  formatBroken,
  formatExploration,
  formatHeading,
} from '../core-explorer/index.js';

const USAGE = 'usage: npm run explore [-- NAME…]   walks every order of events of the scheduler, in small worlds';
const EXIT = { broken: 1, usage: 2 } as const;

function chosen(): readonly Configuration[] {
  const { positionals } = parseArgs({ allowPositionals: true });
  const known = CONFIGURATIONS.map(({ name }) => name);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`no configuration '${unknown}', only ${known.join('; ')}`);
  return CONFIGURATIONS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
}

function main(): number {
  const configurations = chosen();
  let broken = 0;
  process.stdout.write(`${formatHeading()}\n`);
  for (const { name, world } of configurations) {
    const start = performance.now();
    const exploration = explore(world);
    process.stdout.write(`${formatExploration(name, exploration, performance.now() - start)}\n`);
    if (exploration.broken === null) continue;
    broken++;
    process.stdout.write(`${formatBroken(exploration.broken)}\n`);
  }
  return broken > 0 ? EXIT.broken : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = EXIT.usage;
}
