import type { Mutant } from './mutant.js';

/** Bugs that are likely where decisions are performed on processes, and promises are kept to callers. */
export const SHELL_MUTANTS: readonly Mutant[] = [
  {
    name: 'the end of a channel is lost',
    file: 'worker-process/worker-process.ts',
    find: 'else if (closed && !this.#leaving) this.parts.listener.onChannelClosed(this);',
    replace: '',
  },
  {
    name: 'what is read between exit and end of file is dropped',
    file: 'worker-process/worker-process.ts',
    find: 'onData: (stream, bytes) => this.#conversation?.receive(stream, bytes),',
    replace: 'onData: (stream, bytes) => this.#exit ?? this.#conversation?.receive(stream, bytes),',
  },
  {
    name: 'whoever holds the pipe of a dead worker is waited for',
    file: 'worker-process/worker-process.ts',
    find: 'this.#drain.begin(this.parts.os.now());',
    replace: '',
  },
  {
    name: 'the pipes of a dead worker stay open',
    file: 'worker-process/worker-process.ts',
    find: 'this.#process?.release();',
    replace: '',
  },
  {
    name: 'a ledger stays open',
    file: 'worker-process/worker-process.ts',
    find: 'this.#ledger?.close();',
    replace: '',
  },
  {
    name: 'a reply in the ledger is skipped',
    file: 'worker-process/ledger-reader.ts',
    find: 'if (index >= skip) use(frame, index);',
    replace: 'if (index > skip) use(frame, index);',
  },
  {
    name: 'a full pipe is forgotten when it has room again',
    file: 'worker-process/channel-writer.ts',
    find: 'recycle(done.buffer);\n    this.#flush();',
    replace: 'recycle(done.buffer);',
  },
  {
    name: 'a buffer is filled again before it was written',
    file: 'worker-process/channel-writer.ts',
    find: 'this.#hand(buffer.bytes, buffer);',
    replace: 'this.#hand(buffer.bytes, buffer);\n    recycle(buffer);',
  },
  {
    name: 'the timer is never set again',
    file: 'deadline-timer.ts',
    find: 'this.#handle = undefined;\n      this.#armedFor = Infinity;',
    replace: 'this.#handle = undefined;',
  },
  {
    name: 'the timer outlives the pool',
    file: 'shell.ts',
    find: 'this.#timer.clear();',
    replace: '',
  },
  {
    name: 'an exit with open pipes is not told to the scheduler',
    file: 'worker-departures.ts',
    find: 'this.#draining.add(worker);\n    this.#shell.feed((scheduler, now) => scheduler.workerLeaves(worker.id, now));',
    replace: 'this.#draining.add(worker);\n    this.#shell.finish();',
  },
  {
    name: 'a broken protocol settles nothing',
    file: 'worker-events.ts',
    find: 'this.#shell.feed((core, now) => core.replyDamaged(worker.id, slot, now), {',
    replace: 'this.#shell.feed(() => slot, {',
  },
  {
    name: 'a task is answered twice over',
    file: 'worker-events.ts',
    find: 'if (slot === NONE) return; // answered before: a ledger may repeat what came over the channel',
    replace: '',
  },
  {
    name: 'the exit of a worker that was told to leave is not announced',
    file: 'worker-departures.ts',
    find: 'if (gone.exit.pid > 0) {',
    replace: 'if (gone.exit.pid > 0 && reason === null) {',
  },
  {
    name: 'somebody listens to a signal for ever',
    file: 'tasks/pending-task.ts',
    find: "this.signal?.removeEventListener('abort', this.onAbort);",
    replace: '',
  },
  {
    name: 'a retry has lost its body',
    file: 'tasks/task-book.ts',
    find: 'task.attempt++;',
    replace: "task.attempt++;\n    Object.assign(task, { body: '' });",
  },
  {
    name: 'a retry is taken for the first attempt',
    file: 'tasks/task-book.ts',
    find: 'task.attempt++;',
    replace: '',
  },
  {
    name: 'the cost of what was never sent is not told',
    file: 'tasks/task-book.ts',
    find: 'if (item.options?.onCost !== undefined) this.#tellCost(item, { slot, waitMs, runMs: 0 });',
    replace: '',
  },
  {
    name: 'credit is forgotten',
    file: 'tasks/task-stream.ts',
    find: 'this.#grant?.(this.#consumed);',
    replace: '',
  },
  {
    name: 'credit is granted for what nobody has taken',
    file: 'tasks/task-stream.ts',
    find: 'this.#chunks.push(ownBytes(frame.body));\n  }\n\n  /** END',
    replace: 'this.#chunks.push(ownBytes(frame.body));\n    grant(frame.body.length);\n  }\n\n  /** END',
  },
  {
    name: 'a stream that was left is not cancelled',
    file: 'tasks/task-stream.ts',
    find: 'cancel?.();',
    replace: '',
  },
  {
    name: 'a chunk is kept as a view of what is read over',
    file: 'tasks/body.ts',
    find: 'return Uint8Array.prototype.slice.call(view);',
    replace: 'return view;',
  },
];
