import {
  type LogSource,
  type OutgoingTask,
  type WorkerGone,
  type WorkerOptions,
  WorkerProcess,
  type WorkerProcessListener,
  type WorkerViolation,
} from '@ostler/pool/worker-process';
import { decodeRemoteError, Encoding, type Frame, FrameType } from '@ostler/protocol';
import {
  SimulatedOs,
  type SimulatedOsOptions,
  type SimulatedProcess,
  type WorkerScript,
  workerProgram,
} from '../../src/index.js';

export interface Line {
  readonly taskId: number | null;
  readonly source: LogSource;
  readonly level: string;
  readonly line: string;
}

const OPTIONS: WorkerOptions = {
  command: ['worker'],
  cwd: undefined,
  inheritedEnv: {},
  env: {},
  protocol: 'frames',
  poolName: 'stable',
  initData: undefined,
  maxBodySize: 64 * 1024 * 1024,
  concurrency: 1,
};

/** One worker on a simulated machine, and all that it told. */
export class Stage implements WorkerProcessListener {
  readonly os: SimulatedOs;
  readonly worker: WorkerProcess;
  /** The names of the listener's methods, in the order of the calls. */
  readonly calls: string[] = [];
  readonly frames: Frame[] = [];
  readonly lines: Line[] = [];
  readonly lastWords: { taskId: number; message: string }[] = [];
  readonly violations: WorkerViolation[] = [];
  ready = 0;
  channelsClosed = 0;
  gone: WorkerGone | undefined;

  constructor(
    program: WorkerScript | SimulatedOsOptions['program'],
    parts: { seed?: number; os?: Partial<SimulatedOsOptions>; options?: Partial<WorkerOptions>; starts?: boolean } = {},
  ) {
    const options: SimulatedOsOptions = {
      seed: parts.seed ?? 1,
      program: typeof program === 'function' ? program : () => workerProgram(program),
      ...parts.os,
    };
    this.os = new SimulatedOs(options);
    this.worker = new WorkerProcess({
      id: 7,
      slot: 3,
      os: this.os,
      options: { ...OPTIONS, ...parts.options },
      listener: this,
      createHold: () => this.os.createLimiter().hold(7, {}),
    });
    if (parts.starts !== false) this.worker.start();
  }

  get process(): SimulatedProcess {
    return this.os.processes[0] as SimulatedProcess;
  }

  /** Terminal frames as text: `1: body` or `1! message`. */
  get replies(): string[] {
    return this.frames.flatMap(({ type, id, body }) => {
      if (type === FrameType.result) return [`${id}: ${new TextDecoder().decode(body)}`];
      if (type === FrameType.failure) return [`${id}! ${decodeRemoteError(body).message}`];
      return type === FrameType.end ? [`${id}.`] : [];
    });
  }

  send(id: number, body: Uint8Array | string = `task ${id}`, more: Partial<OutgoingTask> = {}): void {
    this.worker.send({ id, body, encoding: Encoding.bytes, metadata: undefined, stream: false, ...more });
  }

  untilReady(): this {
    if (!this.os.run(() => this.ready > 0)) throw new Error(`not ready: ${JSON.stringify(this.gone)}`);
    return this;
  }

  /** Steps until that many replies have come. */
  untilReplies(count: number): void {
    if (!this.os.run(() => this.replies.length >= count)) {
      throw new Error(`${this.replies.length} of ${count} replies; gone: ${JSON.stringify(this.gone)}`);
    }
  }

  untilGone(): WorkerGone {
    this.os.run(() => this.gone !== undefined);
    if (this.gone === undefined) throw new Error('nothing more happens, and the worker is not gone');
    return this.gone;
  }

  onReady(): void {
    this.calls.push('onReady');
    this.ready++;
  }

  onFrame(_: WorkerProcess, frame: Frame): void {
    this.calls.push('onFrame');
    this.frames.push({ ...frame, metadata: Uint8Array.from(frame.metadata), body: Uint8Array.from(frame.body) });
  }

  onLog(_: WorkerProcess, taskId: number | null, source: LogSource, level: string, line: string): void {
    this.calls.push('onLog');
    this.lines.push({ taskId, source, level, line });
  }

  onLastWords(_: WorkerProcess, taskId: number, { message }: { message: string }): void {
    this.calls.push('onLastWords');
    this.lastWords.push({ taskId, message });
  }

  onViolation(_: WorkerProcess, violation: WorkerViolation): void {
    this.calls.push('onViolation');
    this.violations.push(violation);
  }

  onStarted(): void {
    this.calls.push('onStarted');
  }

  onChannelClosed(): void {
    this.calls.push('onChannelClosed');
    this.channelsClosed++;
  }

  onExit(): void {
    this.calls.push('onExit');
    this.#armDeadline();
  }

  onGone(_: WorkerProcess, gone: WorkerGone): void {
    this.calls.push('onGone');
    if (this.gone !== undefined) throw new Error('gone twice');
    this.gone = gone;
  }

  #armDeadline(): void {
    const { worker, os } = this;
    if (worker.drainDeadline === Infinity) return;
    os.setTimer(() => {
      worker.onDeadline(os.now());
      this.#armDeadline();
    }, worker.drainDeadline - os.now());
  }
}

/** Runs a test in many worlds that differ in the order and the portions in which things happen. */
export function inWorlds(count: number, test: (seed: number) => void): void {
  for (let seed = 1; seed <= count; seed++) {
    try {
      test(seed);
    } catch (error) {
      throw new Error(`in world ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}
