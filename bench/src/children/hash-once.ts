import { readFileSync } from 'node:fs';
import { sha512 } from './operations.js';

const STDIN = 0;
process.stdout.write(sha512(readFileSync(STDIN)));
