import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url), maxWorkers: 4, isolation: 'tenant' });

// The handler keeps who was there in a variable of its module: a customer finds no other in it.
console.log(await pool.call('visitors', 'Ada', { tenant: 'customer 1' }));
console.log(await pool.call('visitors', 'Bob', { tenant: 'customer 2' }));
console.log(await pool.call('visitors', 'Ann', { tenant: 'customer 1' }));
await pool.close();
