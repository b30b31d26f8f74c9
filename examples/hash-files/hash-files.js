// find FOLDER -type f | node hash-files.js
import { createInterface } from 'node:readline';
import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url) });
const names = createInterface({ input: process.stdin });
let interrupts = 0;

// The first Ctrl-C ends the intake, and what is under way is finished; the second ends everything at once.
process.on('SIGINT', () => {
  interrupts += 1;
  if (interrupts === 1) names.close();
  else pool.destroy();
});

for await (const outcome of pool.map(names, { handler: 'hashFile', onError: 'yield' })) {
  if (outcome.status === 'fulfilled') console.log(Buffer.from(outcome.value).toString());
  else console.error(outcome.reason.message);
}
await pool.close();
process.exitCode = interrupts > 0 ? 130 : 0;
