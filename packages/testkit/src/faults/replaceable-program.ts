import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, commandOf, type Setup } from './setup.js';

/** A worker program whose file can be replaced by another one, as an operator would repair it; workers that run keep the old one. */
export class ReplaceableProgram {
  readonly command: Command;
  readonly #setup: Setup;
  readonly #link: string;

  constructor(folder: string, setup: Setup) {
    this.#setup = setup;
    this.#link = join(folder, 'worker');
    this.command = [...commandOf(setup, 'faulty').slice(0, -1), this.#link] as unknown as Command;
  }

  install(fixture: string): void {
    const file = commandOf(this.#setup, fixture).at(-1) as string;
    symlinkSync(file, `${this.#link}.new`);
    renameSync(`${this.#link}.new`, this.#link);
  }
}
