import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Usually called nobody. */
export const NOBODY = 65_534;

/** Whether we can be an ordinary user here: we are root, and the folders above this one are open to everybody. */
export const canBeNobody = process.getuid?.() === 0 && canRead(fileURLToPath(import.meta.url));

function canRead(path: string): boolean {
  return spawnSync('test', ['-r', path], { uid: NOBODY, cwd: '/' }).status === 0;
}
