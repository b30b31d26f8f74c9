import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach } from 'vitest';

const gates: Gate[] = [];

afterEach(async () => {
  for (const gate of gates.splice(0)) await gate.close();
});

/** Where the handler `gated` stops until it is let through: so a test knows what runs, and decides when it ends. */
export class Gate {
  /** Bodies of the tasks that have begun, in order. */
  readonly begun: string[] = [];
  /** As many as ran at once. */
  most = 0;
  readonly #server: Server;
  readonly #folder: string;
  readonly #waiting: { name: string; socket: Socket }[] = [];
  readonly #watchers: (() => void)[] = [];
  #isOpen = false;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((socket) => this.#onArrival(socket));
  }

  static async create(): Promise<Gate> {
    const gate = new Gate(await mkdtemp(join(tmpdir(), 'ostler-gate-')));
    gates.push(gate);
    await new Promise<void>((resolve) => gate.#server.listen(gate.path, resolve));
    return gate;
  }

  get path(): string {
    // Windows keeps the names of its pipes in a place of their own.
    return process.platform === 'win32' ? `\\\\.\\pipe\\${basename(this.#folder)}` : join(this.#folder, 'gate');
  }

  /** For the option `env`. */
  get env(): { GATE: string } {
    return { GATE: this.path };
  }

  /** Bodies of the tasks that wait here. */
  get waiting(): string[] {
    return this.#waiting.map(({ name }) => name);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Resolves when the task with that body runs. */
  arrived(name: string): Promise<void> {
    return this.until(() => this.begun.includes(name));
  }

  /** Lets the tasks with these bodies through, once they have arrived. */
  async pass(...names: string[]): Promise<void> {
    for (const name of names) {
      await this.until(() => this.waiting.includes(name));
      const [found] = this.#waiting.splice(this.waiting.indexOf(name), 1);
      found?.socket.end('pass');
    }
  }

  /** From now on nobody waits. */
  open(): void {
    this.#isOpen = true;
    for (const { socket } of this.#waiting.splice(0)) socket.end('pass');
  }

  async close(): Promise<void> {
    this.open();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #onArrival(socket: Socket): void {
    socket.on('error', () => {}); // its worker was killed
    socket.once('data', (body) => {
      const name = String(body);
      const visitor = { name, socket };
      this.begun.push(name);
      if (this.#isOpen) socket.end('pass');
      else this.#waiting.push(visitor);
      this.most = Math.max(this.most, this.#waiting.length);
      socket.once('close', () => {
        const index = this.#waiting.indexOf(visitor);
        if (index >= 0) this.#waiting.splice(index, 1);
        this.#tell();
      });
      this.#tell();
    });
  }

  #tell(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}
