import { mkdir, readdir } from 'node:fs/promises';
import { UsageError } from '../usage-error.js';

/** Names that an error shows of what stands in the way. */
const SHOWN = 5;

/** Makes the folder; one that is there may be used if it is empty. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    const names = await readdir(path);
    if (names.length > 0) throw new UsageError(`${path} is not empty: it has ${listed(names.sort())}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    throw new UsageError(isFile ? `${path} should be a folder, but there is a file in its place` : message);
  }
}

function listed(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
