import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * A named pipe at which the suite meets a handler: opening it for writing completes at the very moment when the handler
 * opens it for reading, so "the handler runs now" is known without a clock. The handler then waits until `release`.
 */
export class Rendezvous {
  #met = false;
  readonly #writer: Promise<FileHandle>;

  constructor(
    readonly path: string,
    onMet: () => void,
  ) {
    execFileSync('mkfifo', [path]);
    this.#writer = open(path, 'w');
    this.#writer.then(() => {
      this.#met = true;
      onMet();
    }, onMet);
  }

  /** Whether the handler has opened the pipe. */
  get met(): boolean {
    return this.#met;
  }

  /** Lets the handler go on; it reads `text` and the end of the file. */
  async release(text = 'released'): Promise<void> {
    const writer = await this.#writer;
    await writer.write(text);
    await writer.close();
  }

  /** Frees what is held, also when nobody ever came. */
  async close(): Promise<void> {
    if (!this.#met) closeSync(openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK));
    const writer = await this.#writer;
    await writer.close();
  }
}
