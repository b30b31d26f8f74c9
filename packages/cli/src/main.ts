import { Command, CommanderError } from 'commander';

const USAGE = 2;

/** Runs a command line without the program's name; resolves with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command('ostler')
    .description('Runs tasks in pools of warm processes, and shows what they do.')
    .exitOverride()
    .showHelpAfterError('(ostler --help lists the commands)');
  program
    .command('doctor')
    .description('show what works on this machine, and what would mend what does not')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      // Loaded when it is wanted: a command line should be there at once.
      const { doctor } = await import('./doctor/doctor.js');
      exitCode = doctor(options);
    });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : USAGE;
  }
}
