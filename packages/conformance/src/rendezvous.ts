import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';

/** A place with a path at which the suite meets a handler: once the handler has opened it for reading, it waits until `release`. */
export interface Rendezvous {
  readonly path: string;
  /** Whether the handler has opened the path. */
  readonly met: boolean;
  /** Lets the handler go on; it reads `text` and the end of the file. */
  release(text?: string): Promise<void>;
  /** Frees what is held, also when nobody ever came. */
  close(): Promise<void>;
}

/** Makes one of that path, or, where pipes have no paths of their own choice, of a path that is made from it. */
export function createRendezvous(path: string, onMet: () => void): Rendezvous {
  return process.platform === 'win32' ? new WindowsPipe(path, onMet) : new Fifo(path, onMet);
}

/** Opening it for writing completes at the very moment when the handler opens it for reading: no clock is needed. */
class Fifo implements Rendezvous {
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

  get met(): boolean {
    return this.#met;
  }

  async release(text = 'released'): Promise<void> {
    const writer = await this.#writer;
    await writer.write(text);
    await writer.close();
  }

  async close(): Promise<void> {
    // Kept open until the writer is there: it may not even have been asked for by a thread yet.
    const reader = this.#met ? undefined : openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = await this.#writer;
    await writer.close();
    if (reader !== undefined) closeSync(reader);
  }
}

/** A named pipe of Windows, which is opened like a file: the handler is who connects. */
class WindowsPipe implements Rendezvous {
  readonly path: string;
  #handler: Socket | undefined;
  readonly #server = createServer();
  readonly #came: Promise<Socket>;

  constructor(path: string, onMet: () => void) {
    this.path = `\\\\.\\pipe\\${basename(dirname(path))}-${basename(path)}`;
    this.#came = new Promise((resolve) => {
      this.#server.once('connection', (socket) => {
        this.#handler = socket.on('error', () => {}); // its worker was killed
        resolve(socket);
        onMet();
      });
    });
    this.#server.listen(this.path);
  }

  get met(): boolean {
    return this.#handler !== undefined;
  }

  async release(text = 'released'): Promise<void> {
    (await this.#came).end(text);
  }

  async close(): Promise<void> {
    this.#handler?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
