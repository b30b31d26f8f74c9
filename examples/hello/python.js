import { fileURLToPath } from 'node:url';
import { ProcessPool } from '@ostler/pool';

const worker = fileURLToPath(new URL('./worker.py', import.meta.url));
const pool = new ProcessPool({ command: ['python3', worker] });
const digest = await pool.run('hello', { handler: 'sha512' });
console.log(Buffer.from(digest).toString());
await pool.close();
