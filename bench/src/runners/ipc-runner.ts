import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { IpcReply } from '../children/ipc-child.js';
import type { Runner, RunnerPlan } from './runner.js';

const CHILD = fileURLToPath(new URL('../children/ipc-child.js', import.meta.url));

/** How Node writes messages: JSON can't hold bytes, so there they travel as base64; `advanced` is V8's own format. */
export const SERIALIZATIONS = ['json', 'advanced'] as const;
export type Serialization = (typeof SERIALIZATIONS)[number];

interface IpcWorker {
  readonly child: ChildProcess;
  inFlight: number;
}

type Resolve = (reply: Uint8Array) => void;

/** What a program writes that has no pool: forked processes, one message per task, each to the least loaded worker. */
export class IpcRunner implements Runner {
  readonly name: string;
  readonly #serialization: Serialization;
  readonly #workers: IpcWorker[] = [];
  readonly #pending = new Map<number, Resolve>();
  #lastId = 0;

  private constructor(serialization: Serialization) {
    this.name = `fork() IPC, ${serialization}`;
    this.#serialization = serialization;
  }

  /** Resolves when every worker is warm. */
  static async start(serialization: Serialization, { workers, operation }: RunnerPlan): Promise<IpcRunner> {
    const runner = new IpcRunner(serialization);
    const starting: Promise<unknown>[] = [];
    for (let i = 0; i < workers; i++) {
      const child = fork(CHILD, [operation], { serialization });
      starting.push(once(child, 'message'));
      runner.#workers.push({ child, inFlight: 0 });
    }
    await Promise.all(starting);
    for (const worker of runner.#workers) runner.#listen(worker);
    return runner;
  }

  run(body: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve) => {
      const worker = this.#leastLoaded();
      const id = ++this.#lastId;
      this.#pending.set(id, resolve);
      worker.inFlight++;
      worker.child.send({ id, body: this.#serialization === 'json' ? base64(body) : body });
    });
  }

  async close(): Promise<void> {
    const exits = this.#workers.map(({ child }) => once(child, 'exit'));
    for (const { child } of this.#workers) child.disconnect();
    await Promise.all(exits);
  }

  #listen(worker: IpcWorker): void {
    worker.child.on('message', (message) => {
      const { id, body } = message as IpcReply;
      worker.inFlight--;
      const resolve = this.#pending.get(id);
      this.#pending.delete(id);
      resolve?.(typeof body === 'string' ? Buffer.from(body, 'base64') : body);
    });
  }

  #leastLoaded(): IpcWorker {
    let best = this.#workers[0] as IpcWorker;
    for (const worker of this.#workers) if (worker.inFlight < best.inFlight) best = worker;
    return best;
  }
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
