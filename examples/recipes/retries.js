import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url), output: 'event' });
const retries = { attempts: 2, on: ['crash'] };

const reply = await pool.run('', { handler: 'unlucky', retries });
console.log(Buffer.from(reply).toString());

await pool.run('', { handler: 'poison', retries }).catch((error) => {
  console.log(`${error.code} after ${error.evidence.length} attempts`);
});
await pool.close();
