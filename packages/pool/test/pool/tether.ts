import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach } from 'vitest';

const tethers: Tether[] = [];

afterEach(async () => {
  for (const tether of tethers.splice(0)) await tether.close();
});

/** Knows which workers (the fixture `tethered`) live, whoever started them: each holds a connection until it dies. */
export class Tether {
  /** Pids of all that there were. */
  readonly pids: number[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'ostler-tether-'));
  readonly #server: Server;
  #live = 0;
  #changed: () => void = () => {};

  private constructor() {
    this.#server = createServer((socket) => {
      this.#live++;
      socket.setEncoding('utf8');
      socket.once('data', (line) => this.pids.push(Number(line)));
      socket.on('error', () => {}); // it was killed
      socket.once('close', () => {
        this.#live--;
        this.#changed();
      });
    });
  }

  static async create(): Promise<Tether> {
    const tether = new Tether();
    tethers.push(tether);
    await new Promise<void>((resolve) => tether.#server.listen(tether.path, resolve));
    return tether;
  }

  get path(): string {
    // Windows keeps the names of its pipes in a place of their own.
    return process.platform === 'win32' ? `\\\\.\\pipe\\${basename(this.#folder)}` : join(this.#folder, 'tether');
  }

  /** For the environment of workers. */
  get env(): { TETHER: string } {
    return { TETHER: this.path };
  }

  /** Resolves when no worker lives. */
  async allDead(): Promise<void> {
    while (this.#live > 0) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#folder, { recursive: true });
  }
}
