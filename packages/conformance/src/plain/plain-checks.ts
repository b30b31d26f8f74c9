import { Violation } from '../violation.js';
import type { PlainProgram } from './plain-program.js';

/** A rule for a program that knows no frames. */
export interface PlainCheck {
  readonly name: string;
  readonly rule: string;
  run(program: PlainProgram, input: string): Promise<void>;
}

const SEVERAL = 5;
const MANY = 100;
const BUFFERS =
  '(does it hold its output back? Many programs do unless stdout is a terminal: --unbuffered, -u, stdbuf -oL)';

async function exitsWell(program: PlainProgram): Promise<void> {
  program.end();
  const code = await program.exitCode('the end of the program at end of file');
  if (code !== 0) throw new Violation('exit code 0', program.story());
}

function demandLines(program: PlainProgram, wanted: number): void {
  if (program.lines === wanted && /(^|\n)$/.test(program.output)) return;
  throw new Violation(`${wanted} lines in all, each with its end`, program.story());
}

/** What `protocol: 'lines'` asks of a program. */
export const LINE_CHECKS: readonly PlainCheck[] = [
  {
    name: 'answers',
    rule: 'A line is answered with a line, while stdin stays open',
    async run(program, input) {
      program.write(`${input}\n`);
      await program.until(`a line ${BUFFERS}`, () => program.lines >= 1);
    },
  },
  {
    name: 'in-turn',
    rule: 'Each line that comes after an answer is answered in turn, with one line',
    async run(program, input) {
      for (let sent = 1; sent <= SEVERAL; sent++) {
        program.write(`${input}\n`);
        await program.until(`${sent} lines ${BUFFERS}`, () => program.lines >= sent);
      }
      await exitsWell(program);
      demandLines(program, SEVERAL);
    },
  },
  {
    name: 'at-once',
    rule: 'Lines that come together are answered with as many',
    async run(program, input) {
      program.write(`${input}\n`.repeat(MANY));
      await program.until(`${MANY} lines ${BUFFERS}`, () => program.lines >= MANY);
      await exitsWell(program);
      demandLines(program, MANY);
    },
  },
  {
    name: 'quiet',
    rule: 'Without a line nothing is printed, and end of file ends the program well',
    async run(program) {
      await exitsWell(program);
      demandLines(program, 0);
    },
  },
];

/** What `protocol: 'exec'` asks of a program that takes its input from stdin. */
export const EXEC_CHECKS: readonly PlainCheck[] = [
  {
    name: 'ends',
    rule: 'The program reads its input and ends with exit code 0',
    async run(program, input) {
      program.write(input);
      await exitsWell(program);
    },
  },
  {
    name: 'large-input',
    rule: 'An input of 1 MiB is taken in while the output is written',
    async run(program, input) {
      const line = `${input}\n`;
      program.write(line.repeat(Math.ceil(2 ** 20 / line.length)));
      await exitsWell(program);
    },
  },
  {
    name: 'no-input',
    rule: 'Without any input the program ends by itself, with whatever exit code',
    async run(program) {
      program.end();
      await program.exitCode('the end of the program at end of file');
    },
  },
];
