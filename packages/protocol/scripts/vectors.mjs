// Writes the golden vectors: node packages/protocol/scripts/vectors.mjs. Run by hand; a test compares the folder with what this gives.
import { mkdirSync, writeFileSync } from 'node:fs';
import { vectorFiles } from './golden/files.mjs';

const folder = new URL('../vectors/', import.meta.url);
mkdirSync(folder, { recursive: true });
const files = vectorFiles();
for (const [name, bytes] of files) writeFileSync(new URL(name, folder), bytes);
process.stdout.write(`${files.size} files\n`);
