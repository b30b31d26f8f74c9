// The tests of code that uses a pool need no processes: this one runs the handlers here, and fails when it is told to.
import assert from 'node:assert/strict';
import { inProcessPool } from '@ostler/pool/testing';
import * as handlers from './worker.js';

/** What is tested: it goes on without the task that has crashed, and says so. */
async function shout(pool, text) {
  try {
    return await pool.call('upper', text);
  } catch (error) {
    return `${text} (${error.code})`;
  }
}

const pool = inProcessPool(handlers, { killGrace: 10 });
assert.equal(await shout(pool, 'fine'), 'FINE');
pool.crashNext(); // the next task kills its worker; { exitCode: 3 } or { signal: 'SIGKILL' } would say how
assert.equal(await shout(pool, 'bad'), 'bad (ERR_WORKER_CRASHED)');
pool.hangNext(); // the next task never ends: a time-out is the end of it
await assert.rejects(pool.call('upper', 'late', { timeout: 50 }), { code: 'ERR_TASK_TIMEOUT' });
await pool.close();
console.log('tested');
