import type {
  InputStream,
  OsProcess,
  OutputStream,
  ProcessInfo,
  ProcessListener,
  SpawnError,
  SpawnRequest,
} from '@ostler/pool/os';
import { InputPipe, type SimulatedEvent } from './input-pipe.js';
import { OutputPipe } from './output-pipe.js';
import { BrokenPipe, type Host, type Program, type ProgramMaker } from './program.js';
import type { Random } from './random.js';
import { SimulatedLedger } from './simulated-ledger.js';

export interface SimulatedProcessParts {
  readonly pid: number;
  readonly random: Random;
  readonly request: SpawnRequest;
  readonly listener: ProcessListener;
  /** A program, or why it can't be started. */
  readonly start: ProgramMaker | SpawnError;
}

/** A process of the simulated machine, with its pipes, and with the children that it leaves behind. */
export class SimulatedProcess implements OsProcess {
  readonly pid: number | undefined;
  readonly command: readonly string[];
  readonly #random: Random;
  readonly #listener: ProcessListener;
  readonly #inputs = new Map<InputStream, InputPipe>();
  readonly #outputs = new Map<OutputStream, OutputPipe>();
  readonly #signals: ('SIGTERM' | 'SIGKILL')[] = [];
  readonly #host: Host | undefined;
  readonly #program: Program | undefined;
  #spawnError: SpawnError | undefined;
  #life: 'alive' | 'dead' | 'reaped' = 'alive';
  #exit: [exitCode: number | null, signal: string | null] = [null, null];
  #grandchildren = { own: 0, group: 0 };
  #stopped = false;
  #released = false;
  #cpuMs = 0;

  constructor({ pid, random, request, listener, start }: SimulatedProcessParts) {
    this.command = request.command;
    this.#random = random;
    this.#listener = listener;
    if (typeof start !== 'function') {
      this.#spawnError = start;
      this.#life = 'reaped';
      return;
    }
    this.pid = pid;
    for (const name of request.channel ? [...INPUTS, 'channel-in' as const] : INPUTS) {
      this.#inputs.set(name, new InputPipe(random));
    }
    for (const name of request.channel ? [...OUTPUTS, 'channel-out' as const] : OUTPUTS) {
      this.#outputs.set(name, this.#output(name));
    }
    this.#host = this.#makeHost(pid, request);
    this.#program = start(this.#host);
  }

  get isAlive(): boolean {
    return this.#life === 'alive';
  }

  /** Whether the pool has closed its ends of the pipes. */
  get isReleased(): boolean {
    return this.#released;
  }

  get info(): ProcessInfo | null {
    if (this.#life === 'reaped') return null;
    const running = this.#program?.canAct ? 'R' : 'S';
    const state = this.#life === 'dead' ? 'Z' : this.#stopped ? 'T' : running;
    return { state, cpuMs: this.#cpuMs, rss: this.#host?.rss ?? 0 };
  }

  /** Bytes that the pool has written and no pipe has taken. */
  get waiting(): number {
    return [...this.#inputs.values()].reduce((sum, pipe) => sum + pipe.waiting, 0);
  }

  write(stream: InputStream, bytes: Uint8Array, onWritten: () => void): void {
    this.#inputs.get(stream)?.write(bytes, onWritten);
  }

  end(stream: InputStream): void {
    this.#inputs.get(stream)?.end();
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#life === 'alive') this.#signals.push(signal);
  }

  release(): void {
    this.#released = true;
  }

  /** Ends the grandchildren that no signal of the pool reaches, as an administrator would. */
  endGrandchildren(): void {
    this.#grandchildren = { own: 0, group: 0 };
    this.#closeUnheld();
  }

  /** All that may happen next. */
  events(): SimulatedEvent[] {
    const error = this.#spawnError;
    if (error !== undefined) return [() => this.#failSpawn(error)];
    const events: SimulatedEvent[] = [];
    if (this.#life === 'alive') events.push(...this.#eventsOfLife());
    if (this.#life === 'dead') events.push(() => this.#reap());
    if (!this.#released) for (const pipe of this.#outputs.values()) events.push(...pipe.events());
    return events;
  }

  /** What the pool is told if it asks now. */
  polls(): SimulatedEvent[] {
    const polls: SimulatedEvent[] = [];
    if (this.#life === 'dead') polls.push(() => this.#reap());
    for (const pipe of this.#outputs.values()) {
      polls.push(() => {
        if (!this.#released) pipe.poll();
      });
    }
    return polls;
  }

  #eventsOfLife(): SimulatedEvent[] {
    const events: SimulatedEvent[] = [];
    const program = this.#program as Program;
    if (this.#signals.length > 0) events.push(() => this.#takeSignal());
    const runs = !this.#stopped && ![...this.#outputs.values()].some((pipe) => pipe.isFull);
    if (runs && program.canAct) events.push(() => this.#use(() => program.act()));
    for (const [name, pipe] of this.#inputs) {
      events.push(
        ...pipe.events({
          reads: runs && program.reads,
          onBytes: (bytes) => this.#use(() => program.onInput(name, bytes)),
          onEnd: () => this.#use(() => program.onInputEnd(name)),
        }),
      );
    }
    return events;
  }

  #use(action: () => void): void {
    this.#cpuMs += 0.1;
    try {
      action();
    } catch (error) {
      if (!(error instanceof BrokenPipe)) throw error;
    }
  }

  #write(stream: OutputStream, bytes: Uint8Array): void {
    const pipe = this.#outputs.get(stream);
    if (!this.isAlive || pipe === undefined) return;
    if (pipe.isHeld) {
      pipe.write(bytes);
      return;
    }
    this.#die(null, 'SIGPIPE');
    throw new BrokenPipe(`wrote to ${stream}, which is closed`);
  }

  #failSpawn(error: SpawnError): void {
    this.#spawnError = undefined;
    this.#listener.onSpawnError(error);
  }

  #takeSignal(): void {
    const signal = this.#signals.includes('SIGKILL') ? 'SIGKILL' : 'SIGTERM';
    this.#signals.splice(this.#signals.indexOf(signal), 1);
    this.#grandchildren.group = 0;
    if (signal === 'SIGKILL') this.#die(null, signal);
    else if (this.#stopped)
      this.#signals.push(signal); // it stays pending until the process goes on
    else if (this.#program?.onSigterm?.() !== true) this.#die(null, signal);
  }

  #die(exitCode: number | null, signal: string | null): void {
    if (this.#life !== 'alive') return;
    this.#life = 'dead';
    this.#exit = [exitCode, signal];
    this.#closeUnheld();
  }

  /** The exit is told; what is left of the group dies then. */
  #reap(): void {
    if (this.#life !== 'dead') return;
    this.#life = 'reaped';
    this.#grandchildren.group = 0;
    this.#closeUnheld();
    this.#listener.onExit(...this.#exit);
  }

  #closeUnheld(): void {
    if (this.#life === 'alive' || this.#grandchildren.own + this.#grandchildren.group > 0) return;
    for (const pipe of this.#outputs.values()) pipe.close();
  }

  #output(name: OutputStream): OutputPipe {
    return new OutputPipe(this.#random, {
      onData: (bytes) => this.#listener.onData(name, bytes),
      onEnd: () => this.#listener.onEnd(name),
    });
  }

  #makeHost(pid: number, { env, command, ledger }: SpawnRequest): Host {
    return {
      pid,
      env,
      command,
      ledger: ledger instanceof SimulatedLedger ? ledger.memory : null,
      random: this.#random,
      rss: 10_000_000,
      write: (stream, bytes) => this.#write(stream, typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
      close: (stream) => this.#outputs.get(stream)?.close(),
      exit: (code) => this.#die(code, null),
      die: (signal) => this.#die(null, signal),
      spawnGrandchild: (session) => {
        this.#grandchildren[session]++;
      },
      stop: () => {
        this.#stopped = true;
      },
    };
  }
}

/** What every process has. */
const INPUTS: readonly InputStream[] = ['stdin'];
const OUTPUTS: readonly OutputStream[] = ['stdout', 'stderr'];
