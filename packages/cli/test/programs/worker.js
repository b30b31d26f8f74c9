import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@ostler/worker';

const [, , record, pids] = process.argv;
if (pids !== undefined) appendFileSync(pids, `${process.pid}\n`);

/** Writes each line down, then does what it says. */
serve({
  default: async (body) => {
    const line = Buffer.from(body).toString();
    if (record !== undefined) appendFileSync(record, `${line}\n`);
    if (line === 'die') process.kill(process.pid, 'SIGKILL');
    if (line === 'throw') throw new Error('out of cheese');
    if (line === 'wait') await sleep(600_000);
    return `<${line}>`;
  },
});
