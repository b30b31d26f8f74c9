import { fillInTemplate } from '@ostler/pool';
import { EXIT } from '../exit-codes.js';
import type { MapPlan } from './map-flags.js';
import type { MapItem } from './map-item.js';

/** Prints what would be run, and runs nothing. */
export async function dryRun(plan: MapPlan, items: AsyncIterable<MapItem>): Promise<number> {
  for await (const item of items) process.stdout.write(`${commandOf(plan, item)}\n`);
  return EXIT.done;
}

/** What is run for an item, as a shell would take it: the command alone where the input is in its arguments. */
export function commandOf({ command, pool: { protocol }, files }: MapPlan, { input, sequence }: MapItem): string {
  const text = Buffer.from(input).toString();
  const filled = protocol === 'exec' ? fillInTemplate(command, { input: text, sequence, slot: 0 }) : command;
  const words = filled.map(quoted).join(' ');
  if (filled.some((word, index) => word !== command[index])) return words;
  return files ? `${words} < ${quoted(text)}` : `${words} <<< ${quoted(text)}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
