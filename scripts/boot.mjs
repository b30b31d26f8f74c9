// The entry of every `npm run` job: on a clean clone with only Node and npm it finds or fetches pnpm, installs and builds
// what the job needs, and runs it. What it says itself goes to stderr, so that a job's own output stays clean.
import { join } from 'node:path';
import { ROOT, run, stopIfInterrupted } from './run.mjs';
import { runTests } from './test-job.mjs';
import { build, installIfNeeded, prepareToolchain } from './toolchain.mjs';

/** The workers that are built by tools of other languages, where the machine has them. */
const BUILT_WORKERS = ['@ostler/worker-cpp-template', '@ostler/worker-dotnet-template'];

/** The jobs that are programs: which packages to build (where none is named, all), and which file to run. */
const PROGRAMS = {
  conformance: { packages: ['ostler'], file: 'packages/cli/bin/ostler.js', args: ['conformance'] },
  demo: { packages: ['@ostler/demo'], file: 'apps/demo/dist/main.js' },
  bench: { packages: ['@ostler/bench', ...BUILT_WORKERS], file: 'bench/dist/main.js' },
  faults: { packages: ['@ostler/testkit', ...BUILT_WORKERS], file: 'packages/testkit/dist/bin/faults.js' },
  explore: { packages: ['@ostler/testkit'], file: 'packages/testkit/dist/bin/explore.js' },
  sim: { packages: ['@ostler/testkit'], file: 'packages/testkit/dist/bin/sim.js' },
  mutants: { packages: ['@ostler/testkit'], file: 'packages/testkit/dist/bin/mutants.js' },
  'test:cgroup2': { packages: ['@ostler/native'], file: 'native/scripts/cgroup-v2-vm/run.mjs' },
  'test:nodes': { packages: ['@ostler/testkit'], file: 'packages/testkit/dist/bin/nodes.js' },
  'test:windows': { file: 'packages/testkit/dist/bin/windows.js' },
};

async function main([job, ...args]) {
  const program = PROGRAMS[job];
  if (job !== 'test' && program === undefined) {
    process.stderr.write(`usage: npm run ${['test', ...Object.keys(PROGRAMS)].join('|')} [-- ARGUMENTS…]\n`);
    return 2;
  }
  if (args[0] === '--') args.shift();
  process.stderr.write(`ostler: preparing ${job}…\n`);
  await prepareToolchain();
  await installIfNeeded();
  await build(...(program?.packages ?? []));
  return program === undefined
    ? runTests(args)
    : run(process.execPath, [join(ROOT, program.file), ...(program.args ?? []), ...args]);
}

try {
  process.exitCode = await main(process.argv.slice(2));
  stopIfInterrupted();
} catch (error) {
  process.stderr.write(`ostler: ${error.message}\n`);
  process.exitCode = error.exitCode ?? 1;
}
