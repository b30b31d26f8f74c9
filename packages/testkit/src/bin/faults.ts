import { parseArgs } from 'node:util';
import {
  type CampaignReport,
  type Cell,
  FAULTS,
  formatCampaign,
  formatGrid,
  isClean,
  isRight,
  missingLanguages,
  runCampaign,
  runGrid,
} from '../faults/index.js';

const USAGE = 'usage: faults [--only FAULT]… [--kills N] [--seed N] [--json]';
const EXIT = { failed: 1, usage: 2 } as const;
/** Kills of the campaign, unless `--kills` says otherwise, and which workers take what share of them. */
const KILLS = '300';
const CAMPAIGNS = [
  { setup: { language: 'python', transport: 'ledger' }, share: 1 },
  { setup: { language: 'node', transport: 'ledger' }, share: 0.2 },
  { setup: { language: 'cpp', transport: 'ledger' }, share: 1 },
  { setup: { language: 'dotnet', transport: 'ledger' }, share: 0.2 },
] as const;

interface Job {
  faults: typeof FAULTS;
  kills: number;
  seed: number;
  json: boolean;
}

function readArguments(): Job {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      kills: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      json: { type: 'boolean', default: false },
    },
  });
  const { only, json } = values;
  const unknown = only?.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) {
    throw new TypeError(`no fault '${unknown}', only ${FAULTS.map(({ name }) => `'${name}'`).join(', ')}`);
  }
  const kills = wholeNumber('kills', values.kills ?? (only === undefined ? KILLS : '0'));
  const faults = FAULTS.filter(({ name }) => only?.includes(name) ?? true);
  return { faults, kills, seed: wholeNumber('seed', values.seed), json };
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < 0) {
    throw new TypeError(`--${option} should be a whole number, got '${text}'`);
  }
  return number;
}

async function main({ faults, kills, seed, json }: Job): Promise<number> {
  const cells = await runGrid({ faults });
  if (!json) say(formatGrid(cells));
  const missing = missingLanguages();
  const campaigns: CampaignReport[] = [];
  for (const { setup, share } of CAMPAIGNS) {
    const number = Math.ceil(kills * share);
    if (number === 0 || missing.has(setup.language)) continue;
    const report = await runCampaign({ kills: number, setup, seed });
    campaigns.push(report);
    if (!json) say(`\n${formatCampaign(report)}`);
  }
  if (json) say(JSON.stringify({ cells, campaigns, missing: Object.fromEntries(missing) }, null, 2));
  else for (const [language, why] of missing) say(`\nnot run: workers in ${language}, as ${why}`);
  const isIncomplete = missing.size > 0 && Boolean(process.env.CI);
  return allRight(cells, campaigns) && !isIncomplete ? 0 : EXIT.failed;
}

function allRight(cells: readonly Cell[], campaigns: readonly CampaignReport[]): boolean {
  return cells.every(isRight) && campaigns.every(isClean);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

let job: Job | undefined;
try {
  job = readArguments();
  // Elsewhere nobody could say what a worker has left.
  if (process.platform !== 'linux') throw new Error('faults needs Linux, for its /proc and its signals');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}\n`);
  process.exitCode = EXIT.usage;
}
if (job !== undefined) process.exitCode = await main(job);
