import { parseArgs } from 'node:util';
import { type Simulated, simulate, WORLD_KINDS } from '../sim/index.js';

const USAGE = 'usage: npm run sim -- [--seed N] [--events N] [--world KIND]…';
const EXIT = { violated: 1, usage: 2 } as const;
const SEEDS = 2 ** 32;

function readArguments() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: `${Math.floor(Math.random() * SEEDS)}` },
      events: { type: 'string', default: '200000' },
      world: { type: 'string', multiple: true },
    },
  });
  const names = values.world ?? WORLD_KINDS.map(({ name }) => name);
  return { seed: toCount('seed', values.seed), events: toCount('events', values.events), kinds: names.map(toKind) };
}

function toCount(name: string, value: string): number {
  const count = Number(value.replaceAll('_', ''));
  if (!Number.isSafeInteger(count) || count < 0)
    throw new TypeError(`--${name} should be a whole number, got '${value}'`);
  return count;
}

function toKind(name: string) {
  const kind = WORLD_KINDS.find((known) => known.name === name);
  const known = WORLD_KINDS.map((each) => each.name).join(', ');
  if (kind === undefined) throw new TypeError(`no kind of world '${name}', only ${known}`);
  return kind;
}

function tell({ kind, seed, violation }: Simulated): string {
  if (violation === null) return '';
  const { property, seen, events } = violation;
  const again = `again with: npm run sim -- --world ${kind} --seed ${seed} --events 1`;
  return [`violated: ${property}: ${seen}, in`, ...events.map((event) => `  ${event}`), again, ''].join('\n');
}

async function main(): Promise<number> {
  const { seed, events, kinds } = readArguments();
  const start = performance.now();
  let happened = 0;
  for await (const run of simulate(kinds, { seed, events })) {
    happened += run.events;
    process.stdout.write(`${run.kind} world, seed ${run.seed}: ${run.events} events\n`);
    if (run.violation === null) continue;
    process.stdout.write(tell(run));
    return EXIT.violated;
  }
  const seconds = (performance.now() - start) / 1_000;
  const speed = Math.round(happened / seconds).toLocaleString('en');
  process.stdout.write(
    `${happened.toLocaleString('en')} events in ${seconds.toFixed(1)} s, ${speed}/s; every property held\n`,
  );
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = EXIT.usage;
}
