import { hunt, MUTANT_GROUPS, type Verdict } from '../mutants/index.js';

const USAGE = 'usage: npm run mutants [-- GROUP…]   plants bugs, and shows that the properties find them';
const EXIT = { survived: 1, usage: 2 } as const;

function chosen(names: readonly string[]): typeof MUTANT_GROUPS {
  const known = MUTANT_GROUPS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`no group '${unknown}', only ${known.join(', ')}\n${USAGE}`);
  return MUTANT_GROUPS.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** True where the verdict is as it should be. */
function isRight({ mutant, finding }: Verdict): boolean {
  return (finding === null) === (mutant === null);
}

function describe(verdict: Verdict): string {
  const { group, mutant, finding } = verdict;
  const name = `${group}: ${mutant?.name ?? '(no bug)'}`.padEnd(58);
  const found = finding === null ? 'all holds' : `${finding.property} (${finding.by})`;
  return `${isRight(verdict) ? 'ok  ' : 'BAD '} ${name} ${found}`;
}

async function main(): Promise<number> {
  const groups = chosen(process.argv.slice(2));
  const start = performance.now();
  let bad = 0;
  let planted = 0;
  await hunt(groups, (verdict) => {
    if (!isRight(verdict)) bad++;
    if (verdict.mutant !== null) planted++;
    process.stdout.write(`${describe(verdict)}\n`);
  });
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  process.stdout.write(`${planted} bugs planted, ${bad} verdicts wrong, ${seconds} s\n`);
  return bad > 0 ? EXIT.survived : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof TypeError ? EXIT.usage : EXIT.survived;
}
