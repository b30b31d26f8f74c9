import { fillIn, takesInput } from '../launch/argument-template.js';
import type { Dialogue, DialogueParts } from './dialogue.js';
import { ExecDialogue } from './exec-dialogue.js';
import type { OutgoingTask } from './outgoing-task.js';
import { plainFailure, unfit } from './plain-reply.js';
import type { WorkerOptions } from './worker-options.js';
import { WorkerProcess } from './worker-process.js';

const NOTHING = new Uint8Array(0);

/** A worker whose process starts with its task, the only one that it ever has: until then there is nothing to be started, so it is always ready. */
export class ExecWorker extends WorkerProcess {
  #task: OutgoingTask | undefined;
  /** Where the input goes into the arguments. */
  #argument: string | undefined;
  #isVirtual = true;

  override start(): void {
    this.parts.os.atEndOfTurn(() => {
      if (this.#isVirtual) this.parts.listener.onReady(this);
    });
  }

  override send(task: OutgoingTask): void {
    const refusal = unfit(task, 'exec') ?? this.#readArgument(task);
    this.parts.os.atEndOfTurn(() => {
      if (refusal !== undefined) this.parts.listener.onFrame(this, plainFailure(task.id, refusal));
      else if (this.#isVirtual) this.#begin(task);
    });
  }

  override endInput(): void {
    super.endInput();
    this.#leaveUnused();
  }

  override signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    super.signal(signal);
    this.#leaveUnused();
  }

  protected override command(): WorkerOptions['command'] {
    const { command } = this.parts.options;
    const { id = 0, options } = this.#task ?? {};
    const sequence = Number(options?.metadata?.sequence ?? id);
    return fillIn(command, { input: this.#argument ?? '', sequence, slot: this.slot });
  }

  protected override converse(parts: DialogueParts): Dialogue {
    const dialogue = new ExecDialogue(parts);
    if (this.#task === undefined) return dialogue;
    dialogue.send(this.#argument === undefined ? this.#task : { ...this.#task, body: NOTHING });
    return dialogue;
  }

  #begin(task: OutgoingTask): void {
    this.#isVirtual = false;
    this.#task = task;
    super.start();
  }

  /** What has no process needs no time to leave. */
  #leaveUnused(): void {
    if (!this.#isVirtual) return;
    this.#isVirtual = false;
    super.start();
  }

  /** Takes the input for the arguments, where it goes there; returns why it can't. */
  #readArgument({ body }: OutgoingTask): ReturnType<typeof unfit> {
    if (!takesInput(this.parts.options.command)) return undefined;
    try {
      this.#argument =
        typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    } catch {
      return { name: 'NotAnArgumentError', message: 'the input is to be an argument of the command, and is not UTF-8' };
    }
    const nul = this.#argument.indexOf('\0');
    if (nul < 0) return undefined;
    const message = `the input is to be an argument of the command; its character ${nul} is a NUL`;
    return { name: 'NotAnArgumentError', message };
  }
}
