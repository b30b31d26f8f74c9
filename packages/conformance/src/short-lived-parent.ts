import type { LaunchOptions } from './launch.js';
import { RawParent } from './raw-parent.js';

// Run as a program by orphan.ts: brings a worker to READY, says its pid, and waits to be killed.
const options = JSON.parse(process.argv[2] ?? '') as LaunchOptions;
const parent = new RawParent({ ...options, stderr: 'inherit' });
await parent.hello();
parent.welcome();
await parent.ready();
process.stdout.write(`${parent.child.pid}`);
