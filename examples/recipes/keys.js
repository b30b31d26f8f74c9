import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url), minWorkers: 2, maxWorkers: 2 });
const done = [];

async function visit(name, ms) {
  await pool.call('rest', ms, { key: 'account 7' });
  done.push(name);
}

// Two workers are free, and the second visit is the shorter one; still it waits for the first.
await Promise.all([visit('first', 200), visit('second', 0), pool.call('rest', 0, { key: 'account 8' })]);
console.log(done.join(', then '));
await pool.close();
