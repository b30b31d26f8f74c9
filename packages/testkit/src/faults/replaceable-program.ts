import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, commandOf, type Setup } from './setup.js';

/** A worker program whose file can be replaced by another one, as an operator would repair it; workers that run keep the old one. */
export class ReplaceableProgram {
  readonly command: Command;
  readonly #setup: Setup;
  readonly #file: string;

  constructor(folder: string, setup: Setup) {
    this.#setup = setup;
    this.#file = join(folder, 'worker');
    this.command = ['sh', this.#file];
  }

  install(fixture: string): void {
    const words = commandOf(this.#setup, fixture).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    writeFileSync(`${this.#file}.new`, `exec ${words.join(' ')}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
