import { FLAGS, field, frame, json, taskMetadata, wellFormed } from './format.mjs';

const all = taskMetadata({
  handler: 'größe ändern',
  remainingMs: 30_000,
  attempt: 3,
  tenant: 'acme',
  idempotencyKey: 'order-2291',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'vendor=00f067aa0ba902b7',
  metadata: { locale: 'de', __proto__x: 'plain', 'file name': 'ä.png' },
});
const allFields = [
  field(1, all.handler),
  field(2, all.remainingMs),
  field(3, all.attempt),
  field(4, all.tenant),
  field(5, all.idempotencyKey),
  field(6, all.traceparent),
  field(7, all.tracestate),
  field(8, JSON.stringify(all.metadata)),
];

export const tasks = [
  wellFormed('task', {
    from: 'parent',
    holds: 'TASK of the simplest kind: bytes for the default handler, no metadata',
    must: 'hand the bytes to the handler named "default"',
    frames: [frame('TASK', { id: 1, body: 'hello', task: taskMetadata() })],
  }),
  wellFormed('task-empty', {
    from: 'parent',
    holds: 'TASK without a byte of input, and with the largest id',
    must: 'read the id as unsigned: 4294967295',
    frames: [frame('TASK', { id: 0xffffffff, task: taskMetadata() })],
  }),
  wellFormed('task-handler', {
    from: 'parent',
    holds: 'TASK for a handler',
    must: 'hand it to that handler',
    frames: [
      frame('TASK', {
        id: 2,
        metadata: [field(1, 'resize')],
        body: 'photo',
        task: taskMetadata({ handler: 'resize' }),
      }),
    ],
  }),
  wellFormed('task-all-fields', {
    from: 'parent',
    holds: 'TASK with every field of metadata',
    must: 'read all of them',
    frames: [frame('TASK', { id: 3, metadata: allFields, body: 'x', task: all })],
  }),
  wellFormed('task-unknown-field', {
    from: 'parent',
    holds: 'TASK with a field of a later version between two known ones',
    must: 'skip the field with tag 200',
    frames: [
      frame('TASK', {
        id: 4,
        metadata: [field(1, 'resize'), field(200, 'from the future'), field(3, 2)],
        body: 'x',
        task: taskMetadata({ handler: 'resize', attempt: 2 }),
      }),
    ],
  }),
  wellFormed('task-stream', {
    from: 'parent',
    holds: 'TASK whose caller takes chunks',
    must: 'answer with CHUNK… and END, or FAILURE',
    frames: [frame('TASK', { id: 5, flags: FLAGS.STREAM, body: json('{"count":2}'), task: taskMetadata() })],
  }),
  wellFormed('task-split', {
    from: 'parent',
    holds: 'TASK in three pieces of 16 bytes at most, a PING and a CANCEL of another task between them',
    must: 'join the pieces, and heed what stands between them',
    maxFrame: 16,
    frames: [
      frame('TASK', {
        id: 6,
        flags: FLAGS.MORE,
        metadata: [field(1, 'resize'), field(9, 40)],
        body: 'the first piece,',
        task: taskMetadata({ handler: 'resize' }),
      }),
      frame('PING', { id: 99 }),
      frame('BODY', { id: 6, flags: FLAGS.MORE, body: ' the second one ' }),
      frame('CANCEL', { id: 5 }),
      frame('BODY', { id: 6, body: 'and last' }),
    ],
    assembled: [
      { name: 'PING', type: 32, flags: 0, encoding: 0, id: 99, body: '' },
      { name: 'CANCEL', type: 25, flags: 0, encoding: 0, id: 5, body: '' },
      {
        name: 'TASK',
        type: 16,
        flags: 0,
        encoding: 0,
        id: 6,
        body: Buffer.from('the first piece, the second one and last').toString('hex'),
      },
    ],
  }),
  wellFormed('cancel', {
    from: 'parent',
    holds: 'CANCEL',
    must: 'end the task with FAILURE and the flag CANCELLED, or with the reply that was ready; ignore it for an unknown id',
    frames: [frame('CANCEL', { id: 5 })],
  }),
  wellFormed('cancel-not-started', {
    from: 'parent',
    holds: 'CANCEL with NOT_STARTED: the task is wanted back if it still waits in the worker',
    must: 'give the task back with FAILURE and the flags CANCELLED and NOT_STARTED; ignore it if its handler has begun',
    frames: [frame('CANCEL', { id: 5, flags: FLAGS.NOT_STARTED })],
  }),
  wellFormed('credit', {
    from: 'parent',
    holds: 'CREDIT for 65,536 bytes more',
    must: 'add it to what the task may still send',
    frames: [frame('CREDIT', { id: 5, metadata: [field(48, 65_536)], credit: 65_536 })],
  }),
  wellFormed('ping', {
    from: 'parent',
    holds: 'PING with a number',
    must: 'answer with pong.bin',
    frames: [frame('PING', { id: 77 })],
  }),
];
