import type { EventEmitter } from 'node:events';
import type { Announcer } from './announcer.js';
import type { OstlerError } from './errors.js';
import type { PoolEvents } from './pool-events.js';

type LogLine = PoolEvents['log'][0];

/** Where the lines of workers go: to listeners, or to our own streams where nobody listens. */
export class LogOutput {
  readonly #name: string;
  readonly #mode: 'prefix' | 'inherit' | 'event';
  readonly #emitter: EventEmitter<PoolEvents>;
  readonly #announcer: Announcer;

  constructor(
    mode: 'prefix' | 'inherit' | 'event',
    parts: { name: string; emitter: EventEmitter<PoolEvents>; announcer: Announcer },
  ) {
    this.#mode = mode;
    this.#name = parts.name;
    this.#emitter = parts.emitter;
    this.#announcer = parts.announcer;
  }

  write(line: LogLine, worker: { slot: number; pid: number | undefined }): void {
    if (this.#mode === 'inherit') {
      (line.source === 'stdout' ? process.stdout : process.stderr).write(`${line.line}\n`);
    } else if (this.#mode === 'prefix' && this.#emitter.listenerCount('log') === 0) {
      process.stderr.write(`[${this.#name} ${worker.slot} pid ${worker.pid ?? '?'}] ${line.line}\n`);
    }
    this.#announcer.announce('log', line);
  }

  /** What the pool itself has to say to who develops the worker: on stderr where no listener takes it. */
  notice(text: string, worker?: { id: number; pid: number | undefined }): void {
    if (this.#emitter.listenerCount('log') === 0)
      this.#print(worker === undefined ? text : `pid ${worker.pid}: ${text}`);
    const line = { workerId: worker?.id ?? 0, taskId: null, source: 'log', level: 'info', line: text } as const;
    this.#announcer.announce('log', line);
  }

  /** A warning that somebody is to see: on stderr where no listener takes it. */
  warn(error: OstlerError): void {
    this.#announcer.later(() => {
      if (this.#emitter.listenerCount('warning') === 0) this.#print(error.message);
    });
    this.#announcer.announce('warning', error);
  }

  #print(text: string): void {
    process.stderr.write(`[${this.#name}] ${text}\n`);
  }
}
