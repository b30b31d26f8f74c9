export type { Host, Program, ProgramMaker } from './program.js';
export { Random } from './random.js';
export type { ReceivedTask, Steps } from './received-task.js';
export type { SimulatedLedger } from './simulated-ledger.js';
export type { SimulatedProcess } from './simulated-process.js';
export { workerProgram } from './simulated-worker.js';
export type { WorkerScript } from './worker-script.js';
export type { WorkerVoice } from './worker-voice.js';
