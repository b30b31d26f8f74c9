import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A program that the build has made. */
export function built(name: string): string {
  return fileURLToPath(new URL(`../dist/${name}${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url));
}

/** Built by cmake, which needs a C++ compiler. */
export const isBuilt = existsSync(built('fixtures'));
