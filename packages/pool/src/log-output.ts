import type { EventEmitter } from 'node:events';
import type { Announcer } from './announcer.js';
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
}
