// A program with a pool that lives on after Ctrl-C: before and after, it prints the pid of its only worker.
import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ command: process.argv.slice(2), maxWorkers: 1, output: 'event', keepAlive: true });
const tell = (word) => process.stdout.write(`${word} ${pool.stats().workerList[0]?.pid}\n`);

process.once('SIGINT', async () => {
  await pool.run('');
  tell('after');
  await pool.close();
});
await pool.ready();
tell('before');
