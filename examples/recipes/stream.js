import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url) });
for await (const chunk of pool.stream('', { handler: 'countUp' })) {
  process.stdout.write(chunk);
  if (Number(Buffer.from(chunk).toString()) === 3) break; // cancels the task
}
await pool.close();
