import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../exit-codes.js';
import { UsageError } from '../usage-error.js';
import { LANGUAGES } from './languages.js';
import { makeFolder } from './new-folder.js';

const TEMPLATES = new URL('../templates/', import.meta.url);

/** Writes a worker, its test and its README into a new folder, and says how to run them. */
export async function init(language: string, folder: string): Promise<number> {
  const name = await languageName(language);
  const { title, steps } = LANGUAGES[name] as (typeof LANGUAGES)[string];
  await makeFolder(folder);
  await cp(fileURLToPath(new URL(name, TEMPLATES)), folder, { recursive: true });
  const commands = [
    `cd ${/^[\w@%+=:,./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`}`,
    ...steps,
  ];
  process.stdout.write(
    `${folder} has a worker in ${title}, its test and a README.md. Next:\n\n${commands.map((each) => `  ${each}\n`).join('')}`,
  );
  return EXIT.done;
}

async function languageName(typed: string): Promise<string> {
  const wanted = typed.toLowerCase();
  const names = Object.keys(LANGUAGES);
  const found = names.find((name) => name === wanted || LANGUAGES[name]?.aliases.includes(wanted));
  if (found !== undefined) return found;
  const { nearestName } = await import('@ostler/pool');
  const known = names.flatMap((name) => [name, ...(LANGUAGES[name]?.aliases ?? [])]);
  const nearest = nearestName(wanted, known);
  throw new UsageError(`no template for '${typed}': there are ${names.join(', ')}; did you mean ${nearest}?`);
}
