import { decodeValue, Encoding, encodeValue, FrameType } from '@ostler/protocol';
import {
  type Host,
  type ProgramMaker,
  type ReceivedTask,
  type Steps,
  type WorkerScript,
  type WorkerVoice,
  workerProgram,
} from '../simulation/index.js';
import type { Deed } from './deed.js';
import type { ProcessRecord } from './process-record.js';
import type { Temperament } from './scenario.js';
import { answerTo, chunkOf, readOrder, type TaskOrder } from './task-body.js';

const CAPABILITIES = ['cancel', 'stream', 'progress', 'log', 'recall'];
/** Milliseconds of one step of a slow task; it has a few. */
const SLOW_STEP = 9;
const SLOW_STEPS = 5;
const SMALL = 1_000;

/** What workers tell whoever looks at the world from outside. */
export interface WorkerWitness {
  /** A process starts; its record is what happens to it from then on. */
  born(pid: number, temperament: Temperament, hasLedger: boolean): ProcessRecord;
  /** Called before READY is said. */
  isReady(process: ProcessRecord): void;
  began(process: ProcessRecord, task: number, attempt: number): void;
  /** Called before the answer is said where the pool will hear it. */
  answers(process: ProcessRecord, task: number): void;
  sendsChunk(task: number, bytes: number): void;
  /** Time passes while a worker works. */
  passTime(milliseconds: number): void;
}

/** A worker that does as its tasks say. */
export function worldWorker(temperament: Temperament, witness: WorkerWitness): ProgramMaker {
  return (host) => {
    const hasLedger = temperament.knowsLedger && host.env.OSTLER_LEDGER !== undefined;
    const process = witness.born(host.pid, temperament, hasLedger);
    const worker = new WorldWorker(host, process, witness);
    return workerProgram(worker.script())(host);
  };
}

class WorldWorker {
  readonly #host: Host;
  readonly #process: ProcessRecord;
  readonly #witness: WorkerWitness;

  constructor(host: Host, process: ProcessRecord, witness: WorkerWitness) {
    this.#host = host;
    this.#process = process;
    this.#witness = witness;
  }

  script(): WorkerScript {
    const process = this.#process;
    const { start, channel, knowsLedger, readsWhileBusy, ignoresCancel, ignoresSigterm } = process.temperament;
    const about = { name: 'world', version: '1' };
    return {
      channel,
      readsWhileBusy,
      ignoresCancel,
      ignoresSigterm,
      hello: { sdk: about, capabilities: knowsLedger ? [...CAPABILITIES, 'ledger'] : CAPABILITIES },
      get reads() {
        return !process.faults.has('mute');
      },
      start: (voice) => this.#start(voice, start),
      init: (voice) => this.#init(voice, start),
      handle: (task, voice) => this.#handle(task, voice),
    };
  }

  *#start(voice: WorkerVoice, start: Temperament['start']): Steps {
    yield;
    if (start === 'crash') voice.host.die('SIGSEGV');
    if (start === 'leave') voice.host.exit(3);
    if (start === 'prints') voice.host.write('stdout', 'warming up\n');
    if (start === 'crash' || start === 'leave') yield;
  }

  *#init(voice: WorkerVoice, start: Temperament['start']): Steps {
    yield;
    if (start === 'init-fails') throw new Error('the init failed');
    while (start === 'silent') yield* voice.sleep();
    this.#witness.isReady(this.#process);
  }

  *#handle(task: ReceivedTask, voice: WorkerVoice): Steps {
    const body = task.encoding === Encoding.bytes ? task.body : Buffer.from(`${decodeValue(task.encoding, task.body)}`);
    const order = readOrder(body);
    this.#process.running = order.task;
    this.#witness.began(this.#process, order.task, task.attempt);
    const deed = task.attempt <= order.times ? (order.deed as Deed) : 'reply';
    try {
      yield;
      if (deed === 'throw') throw new Error(`thrown by task ${order.task}`);
      yield* this.#before(deed, task, voice);
      if (order.chunks > 0) yield* this.#chunks(task, order, voice);
      yield* this.#answer(deed, { task, order, body }, voice);
      yield* this.#after(deed, task, voice);
    } finally {
      this.#process.running = undefined;
    }
  }

  /** What keeps a task from being answered, or delays it. */
  *#before(deed: Deed, task: ReceivedTask, voice: WorkerVoice): Steps {
    const { host } = voice;
    if (deed === 'hang') while (true) yield* voice.sleep();
    if (deed === 'slow') {
      for (let i = 0; i < SLOW_STEPS; i++) {
        this.#witness.passTime(SLOW_STEP);
        yield;
      }
    }
    if (deed === 'print') {
      host.write('stdout', 'a line that is no frame\n');
      host.write('stderr', 'a complaint\n');
      voice.log(task, 'a line');
      voice.send({ type: FrameType.progress, id: task.id, encoding: Encoding.json, body: Buffer.from('1') });
    }
    if (deed === 'junk') voice.raw('some text that is no frame\n');
    if (deed === 'unknown-id') voice.send({ type: FrameType.result, id: 4_000_000_000, encoding: 0 });
    if (deed === 'half-frame') {
      const frame = voice.frame({ type: FrameType.result, id: task.id, encoding: task.encoding, body: task.body });
      voice.raw(frame.subarray(0, frame.length >> 1));
    }
    yield* this.#fall(deed, voice);
  }

  *#chunks(task: ReceivedTask, order: TaskOrder, voice: WorkerVoice): Steps {
    for (let i = 0; i < order.chunks; i++) {
      const chunk = chunkOf(order.task, i, order.replySize);
      while ((voice.credit.get(task.id) ?? 0) <= 0) yield* voice.sleep();
      this.#witness.sendsChunk(order.task, chunk.length);
      yield* voice.chunk(task, chunk);
      yield;
    }
  }

  *#answer(deed: Deed, { task, order, body }: Received, voice: WorkerVoice): Steps {
    const answer = answerTo(body);
    const bytes = task.encoding === Encoding.bytes ? answer : encodeValue(answer.toString('latin1')).body;
    if (deed === 'damage') {
      const part = bytes.subarray(0, SMALL); // a frame over the limit would be no frame at all
      const frame = voice.frame({ type: FrameType.result, id: task.id, encoding: task.encoding, body: part });
      frame[frame.length - 1] = (frame[frame.length - 1] as number) ^ 1;
      this.#process.faults.add('protocol');
      voice.raw(frame);
      while (true) yield* voice.sleep();
    }
    this.#witness.answers(this.#process, order.task);
    this.#process.running = undefined;
    if (order.chunks > 0) voice.end(task);
    else voice.reply(task, bytes);
    if (deed === 'twice' && order.chunks === 0) voice.reply(task, bytes);
  }

  /** What happens to the worker when its task has been answered: nobody knows what to do with the next. */
  *#after(deed: Deed, task: ReceivedTask, voice: WorkerVoice): Steps {
    if (!deed.startsWith('reply-')) return;
    yield;
    if (deed === 'reply-mute') {
      this.#process.faults.add('mute');
      return;
    }
    voice.log(task, 'the end is near');
    yield* this.#fall(deed.slice('reply-'.length) as Deed, voice);
  }

  *#fall(deed: Deed, voice: WorkerVoice): Steps {
    const { faults } = this.#process;
    const { host } = voice;
    if (deed === 'orphan') host.spawnGrandchild(host.random.pick(['own', 'group']));
    if (deed === 'crash' || deed === 'orphan') {
      faults.add('died');
      host.die('SIGSEGV');
    } else if (deed === 'leave' || deed === 'half-frame') {
      faults.add('died');
      host.exit(0);
    } else if (deed === 'stop') {
      faults.add('stopped');
      host.stop();
    } else if (deed === 'close') {
      faults.add('closed');
      voice.closeChannel();
      while (true) yield* voice.sleep();
    } else return;
    yield;
  }
}

interface Received {
  readonly task: ReceivedTask;
  readonly order: TaskOrder;
  readonly body: Uint8Array;
}
