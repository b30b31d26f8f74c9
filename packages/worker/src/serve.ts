import { inspect } from 'node:util';
import { CapturedOutput } from './captured-output.js';
import { listen, takeChannel } from './channel.js';
import { DescriptorSink } from './descriptor-sink.js';
import type { Handlers, Hooks } from './handler.js';
import { onFatalError } from './last-words.js';
import { LedgerFile } from './ledger-file.js';
import { Session, type SessionOwner } from './session.js';
import { Turn } from './turn.js';

const EXIT = { failed: 1, usage: 2, damage: 70 } as const;

/** Shared by all copies of this package in one process. */
const SERVING = Symbol.for('@ostler/worker serving');

/** Whether this process is a worker already. */
export function isServing(): boolean {
  return SERVING in globalThis;
}

/**
 * Makes this process a worker: it runs the handlers for a pool's tasks until the pool closes the channel, then it exits.
 * Throws if it was called before, or if a handler is no function.
 */
export function serve(handlers: Handlers, hooks: Hooks = {}): void {
  if (isServing()) throw new Error('serve() was called twice: a process is one worker');
  checkHandlers(handlers);
  Object.defineProperty(globalThis, SERVING, { value: true });
  const channel = takeChannel(process.env);
  const output = new CapturedOutput((task, records) => session.log(task, records));
  const sink = new DescriptorSink(channel.writes, onGone);
  const ledger = channel.ledger === undefined ? undefined : new LedgerFile(channel.ledger, channel.addon);
  const session: Session = new Session({ handlers, sink, ledger, turn: new Turn(), owner: ownerOf(hooks, output) });
  onFatalError((task, error) => {
    output.flushAll();
    session.lastWords(task, error);
  });
  process.on('exit', () => output.flushAll());
  // Ctrl-C in a terminal reaches the pool as well, which decides what becomes of its workers.
  process.on('SIGINT', () => {});
  listen(channel, {
    onBytes: (bytes) => session.push(bytes),
    onEnd: () => session.end(),
    onUnusable: () =>
      leave(EXIT.usage, 'This is a worker of Ostler: a pool starts it, and speaks with it through pipes'),
  });
  session.greet();
}

function ownerOf(hooks: Hooks, output: CapturedOutput): SessionOwner {
  return {
    init(data, info) {
      output.install();
      return hooks.init?.(data, info);
    },
    onStartFailed: (error) => {
      const isCaught = process.listenerCount('uncaughtException') > 0;
      if (isCaught || !(error instanceof SyntaxError)) leave(EXIT.failed, inspect(error));
      // Which line can't be parsed is shown by Node alone, of an error that nobody has caught.
      setImmediate(() => {
        throw error;
      });
    },
    onFinished: (task) => output.flush(task),
    onDrained: (wasReady) => void finish(wasReady ? hooks : {}),
    onDamage: (reason) => leave(EXIT.damage, `@ostler/worker: damage on the task channel: ${reason}`),
  };
}

/** Leaving is exiting: timers and sockets of handlers do not keep a worker that has no pool. */
async function finish(hooks: Hooks): Promise<void> {
  await hooks.close?.();
  process.exit();
}

function onGone(error: NodeJS.ErrnoException): void {
  const isUsual = error.code === 'EPIPE' || error.code === 'ECONNRESET';
  leave(EXIT.failed, isUsual ? undefined : `@ostler/worker: cannot write to the pool: ${error.message}`);
}

function leave(code: number, farewell?: string): never {
  if (farewell !== undefined) {
    // Not by process.stderr, whose lines become frames; and without a stderr there is nobody to tell.
    const line = Buffer.from(`${farewell}\n`);
    new DescriptorSink(2, () => {}).write(line, line.length);
  }
  process.exit(code);
}

function checkHandlers(handlers: Handlers): void {
  for (const [name, handler] of Object.entries(handlers)) {
    if (typeof handler !== 'function') {
      throw new TypeError(`serve(): handler '${name}' should be a function, got a value of type ${typeof handler}`);
    }
  }
}
