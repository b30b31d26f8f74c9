import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url) });
const digest = await pool.run('hello', { handler: 'sha512' });
console.log(Buffer.from(digest).toString());
await pool.close();
