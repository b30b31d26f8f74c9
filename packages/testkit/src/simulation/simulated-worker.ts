import type { InputStream } from '@ostler/pool/os';
import {
  BodyAssembler,
  decodeCredit,
  decodeTaskMetadata,
  decodeWelcome,
  Encoding,
  encodeHello,
  Flag,
  type Frame,
  FrameDecoder,
  FrameType,
  INITIAL_CREDIT,
} from '@ostler/protocol';
import { BrokenPipe, type Host, type Program, type ProgramMaker } from './program.js';
import type { ReceivedTask, Steps } from './received-task.js';
import type { WorkerScript } from './worker-script.js';
import { WorkerVoice } from './worker-voice.js';

const CAPABILITIES = ['cancel', 'stream', 'progress', 'log', 'ledger', 'recall'];
const MAX_BODY = 1 << 30;

/** A worker that speaks the real protocol, one task at a time, and behaves as the script says. */
export function workerProgram(script: WorkerScript = {}): ProgramMaker {
  return (host) => new SimulatedWorker(host, script);
}

class SimulatedWorker implements Program {
  readonly #host: Host;
  readonly #script: WorkerScript;
  readonly #voice: WorkerVoice;
  readonly #waiting: ReceivedTask[] = [];
  readonly #bodies = new BodyAssembler(MAX_BODY);
  readonly #decoder = new FrameDecoder({
    onFrame: (frame) => this.#onFrame(frame),
    onStray: () => this.#leaveDamaged('stray bytes'),
    onDamage: ({ reason }) => this.#leaveDamaged(reason),
  });
  #running: ReceivedTask | undefined;
  #steps: Steps | undefined;
  #welcome: Frame | undefined;
  #isReady = false;
  #hasEnded = false;

  constructor(host: Host, script: WorkerScript) {
    this.#host = host;
    this.#script = script;
    this.#voice = new WorkerVoice(host, script.channel !== 'stdout' && host.env.OSTLER_CHANNEL === '3,4');
    this.#steps = this.#startUp();
  }

  get canAct(): boolean {
    if (this.#voice.isFlushing) return true;
    if (this.#steps !== undefined) return !this.#voice.isAsleep || this.#voice.held > 0;
    return this.#isReady && (this.#waiting.length > 0 || this.#hasEnded || this.#voice.held > 0);
  }

  get reads(): boolean {
    if (this.#voice.isFlushing) return false; // an answer must not get between two halves of a batch
    if (!this.#isReady) return true;
    if (this.#script.reads === false) return false;
    return this.#script.readsWhileBusy !== false || this.#running === undefined;
  }

  act(): void {
    if (this.#voice.isFlushing) this.#voice.goOnFlushing();
    else if (this.#flushesNow()) this.#voice.flush();
    else if (this.#steps !== undefined) this.#go(this.#steps);
    else this.#begin();
  }

  onInput(stream: InputStream, bytes: Uint8Array): void {
    if (stream === this.#voice.input) this.#decoder.push(bytes);
  }

  onInputEnd(stream: InputStream): void {
    if (stream !== this.#voice.input) return;
    this.#hasEnded = true;
    if (!this.#isReady) this.#host.exit(0);
  }

  onSigterm(): boolean {
    return this.#script.ignoresSigterm === true;
  }

  #flushesNow(): boolean {
    if (this.#voice.held === 0) return false;
    // Before it waits, a worker lets go of what it holds back.
    const isIdle = this.#voice.isAsleep || (this.#steps === undefined && this.#waiting.length === 0);
    return isIdle || this.#host.random.chance(0.1);
  }

  *#startUp(): Steps {
    yield* this.#script.start?.(this.#voice) ?? [];
    const about = { name: 'simulated', version: '1' };
    const hello = { protocol: { min: 1, max: 1 }, sdk: about, runtime: about, pid: this.#host.pid };
    const body = encodeHello({ ...hello, capabilities: CAPABILITIES, ...this.#script.hello });
    this.#voice.send({ type: FrameType.hello, id: 0, encoding: Encoding.json, body });
    while (this.#welcome === undefined) yield* this.#voice.sleep();
    yield* this.#script.init?.(this.#voice, this.#welcome.body, decodeWelcome(this.#welcome.metadata)) ?? [];
    this.#isReady = true;
    this.#voice.send({ type: FrameType.ready, id: 0 });
  }

  #go(steps: Steps): void {
    const task = this.#running;
    try {
      if (task?.cancelled && this.#script.ignoresCancel !== true) {
        steps.return();
        this.#voice.fail(task, new Error('cancelled'), Flag.cancelled);
      } else if (!steps.next().done) return;
    } catch (error) {
      if (error instanceof BrokenPipe) throw error;
      if (task !== undefined) this.#voice.fail(task, error);
      else {
        this.#voice.failStart(error);
        this.#host.exit(1);
      }
    }
    this.#steps = undefined;
    this.#running = undefined;
  }

  #begin(): void {
    const task = this.#waiting.shift();
    if (task === undefined) {
      this.#steps = this.#leave();
      return;
    }
    this.#voice.began(task);
    this.#running = task;
    this.#steps = this.#script.handle?.(task, this.#voice) ?? this.#echo(task);
  }

  *#echo(task: ReceivedTask): Steps {
    yield;
    this.#voice.reply(task, task.body);
  }

  *#leave(): Steps {
    yield* this.#script.close?.(this.#voice) ?? [];
    this.#host.exit(0);
  }

  #onFrame(piece: Frame): void {
    this.#voice.isAsleep = false;
    const frame = this.#bodies.push(piece);
    if (frame === undefined) return;
    const { type, id, flags } = frame;
    if (type === FrameType.welcome) this.#onWelcome(frame);
    else if (type === FrameType.task) this.#onTask(frame);
    else if (type === FrameType.cancel) this.#onCancel(id, (flags & Flag.notStarted) !== 0);
    else if (type === FrameType.credit) this.#grant(id, decodeCredit(frame.metadata));
    else if (type === FrameType.ping) this.#voice.send({ type: FrameType.pong, id });
  }

  #onWelcome(frame: Frame): void {
    const welcome = decodeWelcome(frame.metadata);
    this.#welcome = { ...frame, metadata: Uint8Array.from(frame.metadata), body: Uint8Array.from(frame.body) };
    this.#decoder.key = welcome.key;
    this.#decoder.maxFrame = welcome.maxFrame;
    this.#voice.welcomed(welcome);
  }

  #onTask({ id, encoding, flags, metadata, body }: Frame): void {
    const stream = (flags & Flag.stream) !== 0;
    if (stream) this.#grant(id, INITIAL_CREDIT);
    const about = { id, encoding, stream, body: Uint8Array.from(body), cancelled: false };
    this.#waiting.push({ ...decodeTaskMetadata(metadata), ...about });
  }

  #onCancel(id: number, unlessBegun: boolean): void {
    const index = this.#waiting.findIndex((task) => task.id === id);
    const [task] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (task !== undefined) this.#voice.fail(task, new Error('cancelled'), Flag.cancelled | Flag.notStarted);
    else if (this.#running?.id === id && !unlessBegun) this.#running.cancelled = true;
  }

  #grant(id: number, bytes: number): void {
    const { credit } = this.#voice;
    credit.set(id, (credit.get(id) ?? 0) + bytes);
  }

  #leaveDamaged(reason: string): void {
    this.#host.write('stderr', `the task channel is damaged: ${reason}\n`);
    this.#host.exit(70);
  }
}
