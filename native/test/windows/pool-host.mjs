// For a test: a program with two guarded families of three, whose numbers it prints, and then its own.
import { spawnGuarded } from '@ostler/native';

const listener = {
  onStarted: () => {},
  onFailed: (error) => {
    throw error;
  },
  onExit: () => {},
};
for (let i = 0; i < 2; i++) {
  const command = [process.execPath, '-e', process.env.FAMILY, '2'];
  const { sockets } = spawnGuarded({ command, env: process.env, descriptors: ['none', 'socket', 'none'] }, listener);
  sockets[1].on('data', (bytes) => process.stdout.write(bytes));
}
process.stdout.write(`${process.pid}\n`);
setInterval(() => {}, 60_000);
