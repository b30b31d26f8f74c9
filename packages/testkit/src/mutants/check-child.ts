import type { Check } from './mutant.js';

// A process of its own for one check: CHECKER FOLDER. The finding goes to the parent as a message; an error ends it.
const [checker = '', folder = ''] = process.argv.slice(2);
const { check } = (await import(checker)) as { check: Check };
// What is broken may keep Node alive, and nobody waits for that.
process.send?.(await check(new URL(folder)), () => process.exit());
