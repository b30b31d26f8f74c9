import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url), maxWorkers: 1 });
const deposits = [10, 20, 30].map((amount) => pool.call('deposit', { amount }, { key: 'account 7' }));
console.log((await Promise.all(deposits)).join(' '));
await pool.close();
