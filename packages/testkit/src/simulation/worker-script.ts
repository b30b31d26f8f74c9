import type { Hello, Welcome } from '@ostler/protocol';
import type { ReceivedTask, Steps } from './received-task.js';
import type { WorkerVoice } from './worker-voice.js';

/** How a simulated worker behaves. All of it is optional: the default echoes. */
export interface WorkerScript {
  /** 'stdout': it does not know of private descriptors. */
  readonly channel?: 'private' | 'stdout';
  readonly hello?: Partial<Hello>;
  /** Before HELLO. */
  start?(voice: WorkerVoice): Steps;
  /** Before READY; what it throws is the FAILURE of the start. */
  init?(voice: WorkerVoice, data: Uint8Array, welcome: Welcome): Steps;
  /** What it throws is the task's FAILURE. It publishes the terminal frame itself, as the last thing it does. */
  handle?(task: ReceivedTask, voice: WorkerVoice): Steps;
  /** After end of file, before the exit. */
  close?(voice: WorkerVoice): Steps;
  /** true: it survives SIGTERM. */
  readonly ignoresSigterm?: boolean;
  /** true: its tasks run to their end, whatever CANCEL says. */
  readonly ignoresCancel?: boolean;
  /** false: it reads nothing while a handler runs. */
  readonly readsWhileBusy?: boolean;
  /** false: it never reads after READY. */
  readonly reads?: boolean;
}
