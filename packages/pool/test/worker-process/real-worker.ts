import { nodeOs } from '@ostler/pool/os';
import { decodeRemoteError, Encoding, encodeTaskMetadata, type Frame, FrameType } from '@ostler/protocol';
import {
  type OutgoingTask,
  type WorkerGone,
  type WorkerOptions,
  WorkerProcess,
  type WorkerProcessListener,
  type WorkerViolation,
} from '../../dist/worker-process/worker-process.js';

/** A real worker, and what it said. `until` waits for it to say more. */
export class RealWorker implements WorkerProcessListener {
  readonly process: WorkerProcess;
  readonly replies: string[] = [];
  readonly frames: Frame[] = [];
  readonly lines: string[] = [];
  readonly violations: WorkerViolation[] = [];
  isReady = false;
  gone: WorkerGone | undefined;
  #changed: () => void = () => {};

  constructor(command: WorkerOptions['command'], env: Record<string, string> = {}) {
    const options = {
      command,
      cwd: undefined,
      inheritedEnv: { PATH: process.env.PATH ?? '' },
      env,
      protocol: 'frames',
      poolName: 'test',
      initData: undefined,
      maxBodySize: 64 * 1024 * 1024,
      concurrency: 1,
    };
    const os = nodeOs();
    const createHold = () => os.createLimiter('test', new Set()).hold(1, {});
    this.process = new WorkerProcess({ id: 1, slot: 0, os, options, listener: this, createHold });
    this.process.start();
  }

  send(id: number, body: OutgoingTask['body'], handler = 'default', stream = false): void {
    const metadata = encodeTaskMetadata({ handler });
    this.process.send({ id, body, encoding: Encoding.bytes, metadata, stream });
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.gone !== undefined) throw new Error(`the worker is gone: ${JSON.stringify(this.gone)}`);
      await this.#change();
    }
  }

  async end(): Promise<WorkerGone> {
    while (this.gone === undefined) await this.#change();
    return this.gone;
  }

  onReady(): void {
    this.isReady = true;
    this.#changed();
  }

  onFrame(_: WorkerProcess, frame: Frame): void {
    const body = Uint8Array.from(frame.body);
    this.frames.push({ ...frame, body });
    if (frame.type === FrameType.result) this.replies.push(`${frame.id}: ${Buffer.from(body)}`);
    else if (frame.type === FrameType.failure) this.replies.push(`${frame.id}! ${decodeRemoteError(body).message}`);
    else if (frame.type === FrameType.chunk) this.replies.push(`${frame.id}+ ${Buffer.from(body)}`);
    else if (frame.type === FrameType.end) this.replies.push(`${frame.id}.`);
    this.#changed();
  }

  onLog(...[, , source, , line]: Parameters<WorkerProcessListener['onLog']>): void {
    this.lines.push(`${source}: ${line}`);
    this.#changed();
  }

  onLastWords(): void {}

  onViolation(_: WorkerProcess, violation: WorkerViolation): void {
    this.violations.push(violation);
  }

  onStarted(): void {}

  onChannelClosed(): void {}

  onExit(): void {
    const { process } = this;
    nodeOs().setTimer(
      () => {
        process.onDeadline(nodeOs().now());
        if (this.gone === undefined) this.onExit();
      },
      process.drainDeadline - nodeOs().now() + 1,
    );
  }

  onGone(_: WorkerProcess, gone: WorkerGone): void {
    this.gone = gone;
    this.#changed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }
}
