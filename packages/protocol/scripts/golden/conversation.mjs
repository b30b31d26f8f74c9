import { field, frame, json, KEY, taskMetadata, wellFormed } from './format.mjs';

const hello = {
  protocol: { min: 1, max: 1 },
  sdk: { name: 'mine', version: '1' },
  runtime: { name: 'lua', version: '5.4' },
  pid: 812,
  capabilities: [],
};
const welcome = {
  version: 1,
  key: KEY,
  maxBody: 67_108_864,
  maxFrame: 1_048_576,
  slot: 0,
  workerId: 1,
  ledgerSize: 0,
  poolName: 'p',
  concurrency: 1,
};
const task = taskMetadata({ handler: 'upper' });

/** The dialogue that docs/protocol.md prints byte by byte, one file for each direction. */
export const conversation = [
  wellFormed('conversation-worker', {
    from: 'worker',
    holds: 'all that a worker of the simplest kind writes for one task: HELLO, READY, RESULT',
    must: 'write this; only HELLO is under key 0',
    keys: [0, KEY, KEY],
    frames: [
      frame('HELLO', { key: 0, body: json(JSON.stringify(hello)), hello }),
      frame('READY'),
      frame('RESULT', { id: 1, body: 'HELLO' }),
    ],
  }),
  wellFormed('conversation-parent', {
    from: 'parent',
    holds: 'the other side of it: WELCOME, TASK, and then end of file',
    must: 'take the key from WELCOME for the frame behind it, even if both come in one read',
    keys: [0, KEY],
    frames: [
      frame('WELCOME', {
        key: 0,
        metadata: [
          field(32, KEY),
          field(33, welcome.maxBody),
          field(34, welcome.maxFrame),
          field(35, 0),
          field(36, 1),
          field(38, 1),
          field(39, 'p'),
        ],
        welcome,
      }),
      frame('TASK', { id: 1, metadata: [field(1, 'upper')], body: 'hello', task }),
    ],
  }),
];
