import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { parseDuration } from './duration.js';
import { EXIT } from './exit-codes.js';
import { UsageError } from './usage-error.js';

/** Runs a command line without the program's name; resolves with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  process.stdout.on('error', ignoreClosedPipe);
  const program = new Command('ostler')
    .description('Runs tasks in pools of warm processes, and shows what they do.')
    .version(version(), '-V, --version', 'print the version')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(ostler --help lists the commands)');
  const end: End = (code) => {
    exitCode = code;
  };
  for (const add of [addDoctor, addConformance, addInit, addMap]) add(program, end);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`ostler: ${error.message}\n`);
    return EXIT.usage;
  }
}

/** Takes the exit code of a command. What a command needs is loaded when it is wanted: a command line should be there at once. */
type End = (code: number) => void;

function addDoctor(program: Command, end: End): void {
  program
    .command('doctor')
    .description('show what works on this machine, and what would mend what does not')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('./doctor/doctor.js');
      end(doctor(options));
    });
}

function addConformance(program: Command, end: End): void {
  program
    .command('conformance')
    .description('play every rule of the worker protocol against a worker of your own')
    .usage('[FLAGS] -- CMD…')
    .argument('[command...]', 'the command that starts the worker, and its arguments')
    .passThroughOptions()
    .option('--protocol <level>', 'frames, lines or exec', 'frames')
    .option('--only <name>', 'only rules whose names begin so; may stand several times', collect)
    .option(
      '--transport <name>',
      'only this way to connect: channel, stdio or ledger; may stand several times',
      collect,
    )
    .option('--input <line>', 'with lines and exec: a line that the program understands', 'hello')
    .option('--timeout <duration>', 'how long something that must happen may take', toDuration('--timeout'), 10_000)
    .option('--json', 'print it as JSON')
    .action(async (command: string[], options) => {
      const { conformance } = await import('./conformance/conformance.js');
      end(await conformance(command, options));
    });
}

function addInit(program: Command, end: End): void {
  program
    .command('init')
    .description('write a worker, its test and its README into a new folder')
    .argument('<language>', 'node, typescript, python, dotnet, cpp, perl or shell')
    .argument('<folder>', 'where they go; a folder that is there must be empty')
    .action(async (language: string, folder: string) => {
      const { init } = await import('./init/init.js');
      end(await init(language, folder));
    });
}

function addMap(program: Command, end: End): void {
  program
    .command('map')
    .description('run a task for each line of stdin, each line of a file, or each word')
    .usage('[FLAGS] -- CMD… [::: INPUT…]')
    .argument('[command...]', 'the command of a worker, or of a program with --protocol, and behind ::: the inputs')
    .passThroughOptions()
    .option('-j, --jobs <n>', 'workers at once; default: the CPUs that we may use')
    .option('--worker <file>', 'instead of CMD: a module for Node, whose exports are the handlers')
    .option('--input <file>', 'take the lines from this file instead of stdin')
    .option('-0, --null', 'inputs end with NUL bytes instead of line ends')
    .option('--files', 'an input names a file, whose content is the body')
    .option('--protocol <level>', 'frames, lines or exec', 'frames')
    .option('--timeout <duration>', 'run time of one task')
    .option('--retries <n>', 'attempts beside the first, whatever went wrong')
    .option('--unordered', 'print replies as they come')
    .option('--tag', 'print the input and a tab before each line of its reply')
    .option('--delay <duration>', 'wait between the starts of two tasks')
    .option('--dry-run', 'print what would be run')
    .option('--halt <when>', 'never, soon or now; ,fail=N: at the N-th failure', 'never')
    .option('--on-fail <what>', 'print an empty line for a failed item, or skip it: empty or skip', 'empty')
    .option('--memory <size>', 'memory of each worker, as 512MiB')
    .option('--cpu-rate <cpus>', 'CPU time of each worker: 0.2 is 20 % of one CPU')
    .option('--cpus <list>', 'CPUs that workers run on, as 0,2-3')
    .option('--priority <class>', 'idle, below-normal, normal, above-normal or high')
    .option('--results <file>', 'a line of JSON for each item that is done, on disk before it counts')
    .option('--resume', 'go on from --results: what is done there is printed, not run again')
    .option('--resume-failed', 'the same, but what failed runs again')
    .option('--joblog <file>', "a line for each item, in the columns of GNU parallel's")
    .action(async (operands: string[], flags) => {
      const { map } = await import('./map/map.js');
      end(await map(operands, flags));
    });
}

/** A reader that has seen enough, like `head`, ends the printing and is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function toDuration(flag: string): (text: string) => number {
  return (text) => parseDuration(text, flag);
}
