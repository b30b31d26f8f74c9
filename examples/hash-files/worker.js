import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export const hashFile = async (name) => {
  const path = Buffer.from(name).toString();
  const digest = createHash('sha512').update(await readFile(path));
  return `${digest.digest('hex')}  ${path}`;
};
