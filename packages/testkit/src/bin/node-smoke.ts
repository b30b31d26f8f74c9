import { smoke } from '../nodes/smoke.js';

// Started by bin/nodes.ts under each Node; prints what it tried.
process.stdout.write(`${await smoke()}\n`);
