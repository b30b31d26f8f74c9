import { FLAGS, field, frame, json, KEY, wellFormed } from './format.mjs';

const hello = {
  protocol: { min: 1, max: 1 },
  sdk: { name: 'ostler-example', version: '0.1.0' },
  runtime: { name: 'example', version: '3.11.2' },
  pid: 4242,
  capabilities: ['cancel', 'stream', 'progress', 'log', 'recall'],
  handlers: [{ name: 'default' }, { name: 'resize' }],
};

const welcome = (more = {}) => ({
  version: 1,
  key: KEY,
  maxBody: 67_108_864,
  maxFrame: 1_048_576,
  slot: 2,
  workerId: 17,
  ledgerSize: 0,
  poolName: 'thumbnails',
  concurrency: 1,
  ...more,
});

/** The metadata of a WELCOME as its sender writes it. */
function fieldsOf({ version, key, maxBody, maxFrame, slot, workerId, ledgerSize, poolName, concurrency }) {
  return [
    field(32, key),
    field(33, maxBody),
    field(34, maxFrame),
    field(35, slot),
    field(36, workerId),
    ...(ledgerSize === 0 ? [] : [field(37, ledgerSize)]),
    field(38, version),
    field(39, poolName),
    ...(concurrency === 1 ? [] : [field(40, concurrency)]),
  ];
}

const initData = '{"model":"small","größe":[64,48]}';

export const handshake = [
  wellFormed('hello', {
    from: 'worker',
    holds: 'HELLO of a worker with two handlers',
    must: 'write such a frame first, under key 0',
    frames: [frame('HELLO', { key: 0, body: json(JSON.stringify(hello)), hello })],
  }),
  wellFormed('welcome', {
    from: 'parent',
    holds: 'WELCOME with init data and a ledger; the key in it is that of all later vectors',
    must: 'read all fields; the frame itself is under key 0',
    frames: [
      frame('WELCOME', {
        key: 0,
        metadata: fieldsOf(welcome({ ledgerSize: 262_144 })),
        body: json(initData),
        welcome: welcome({ ledgerSize: 262_144 }),
      }),
    ],
  }),
  wellFormed('welcome-plain', {
    from: 'parent',
    holds: 'WELCOME without init data and ledger, for 4 tasks at once',
    must: 'take the empty body for no init data (null), the missing field 37 for no ledger',
    frames: [
      frame('WELCOME', {
        key: 0,
        metadata: fieldsOf(welcome({ concurrency: 4 })),
        welcome: welcome({ concurrency: 4 }),
      }),
    ],
  }),
  wellFormed('welcome-split', {
    from: 'parent',
    holds: 'WELCOME whose init data comes in two pieces',
    must: 'join them; the key holds only after the last piece, so the BODY is under key 0 as well',
    frames: [
      frame('WELCOME', {
        key: 0,
        flags: FLAGS.MORE,
        encoding: 1,
        metadata: [...fieldsOf(welcome()), field(9, Buffer.byteLength(initData))],
        body: initData.slice(0, 16),
        welcome: welcome(),
      }),
      frame('BODY', { key: 0, body: initData.slice(16) }),
    ],
    assembled: [
      {
        name: 'WELCOME',
        type: 2,
        flags: 0,
        encoding: 1,
        id: 0,
        body: Buffer.from(initData).toString('hex'),
        json: initData,
      },
    ],
  }),
  wellFormed('ready', {
    from: 'worker',
    holds: 'READY',
    must: 'write this once init is done: 32 bytes, the first frame under the key',
    frames: [frame('READY')],
  }),
  wellFormed('failure-of-init', {
    from: 'worker',
    holds: 'FAILURE with id 0: init failed',
    must: 'write such a frame instead of READY, then exit with code 1',
    frames: [
      frame('FAILURE', {
        body: json('{"name":"FileNotFoundError","message":"no such file: model.bin","code":"ENOENT"}'),
        error: { name: 'FileNotFoundError', message: 'no such file: model.bin', code: 'ENOENT' },
      }),
    ],
  }),
  wellFormed('failure-before-welcome', {
    from: 'worker',
    holds: 'FAILURE with id 0 before WELCOME was read, so under key 0',
    must: 'be read by a parent while it waits for HELLO or READY',
    frames: [
      frame('FAILURE', {
        key: 0,
        body: json(
          '{"name":"VersionError","message":"the pool speaks protocol 2, ostler-example 0.1.0 speaks protocol 1"}',
        ),
        error: {
          name: 'VersionError',
          message: 'the pool speaks protocol 2, ostler-example 0.1.0 speaks protocol 1',
        },
      }),
    ],
  }),
];
