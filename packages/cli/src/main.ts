import { Command, CommanderError } from 'commander';
import { parseDuration } from './duration.js';
import { EXIT } from './exit-codes.js';
import { UsageError } from './usage-error.js';

/** Runs a command line without the program's name; resolves with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = new Command('ostler')
    .description('Runs tasks in pools of warm processes, and shows what they do.')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(ostler --help lists the commands)');
  // What a command needs is loaded when it is wanted: a command line should be there at once.
  program
    .command('doctor')
    .description('show what works on this machine, and what would mend what does not')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const { doctor } = await import('./doctor/doctor.js');
      exitCode = doctor(options);
    });
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
      exitCode = await conformance(command, options);
    });
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

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function toDuration(flag: string): (text: string) => number {
  return (text) => parseDuration(text, flag);
}
