import { FLAGS, field, frame, json, wellFormed } from './format.mjs';

/** A FAILURE and what it says. */
function failure(error, more = {}) {
  return frame('FAILURE', { ...more, body: json(JSON.stringify(error)), error });
}

const withCause = {
  name: 'RenderError',
  message: 'page 3 cannot be drawn: größer als erlaubt',
  stack: 'RenderError: page 3 cannot be drawn\n  at draw (render.x:12)',
  code: 'ERENDER',
  data: { page: 3, tried: ['svg', 'png'], last: null },
  cause: {
    name: 'MemoryError',
    message: '',
    cause: { name: 'OSError', message: 'Cannot allocate memory', code: 'ENOMEM' },
  },
};

export const replies = [
  wellFormed('result', {
    from: 'worker',
    holds: 'RESULT: bytes',
    must: 'write it for task.bin if the handler gives "HELLO" back',
    frames: [frame('RESULT', { id: 1, body: 'HELLO' })],
  }),
  wellFormed('result-null', {
    from: 'worker',
    holds: 'RESULT of a JSON task whose handler gave nothing back',
    must: 'write null, not an empty body',
    frames: [frame('RESULT', { id: 2, body: json('null') })],
  }),
  wellFormed('result-split', {
    from: 'worker',
    holds: 'RESULT in three pieces of 16 bytes at most, the middle one followed by PONG and LOG',
    must: 'split what is larger than the limit of field 34, and may say other things in between',
    maxFrame: 48,
    frames: [
      frame('RESULT', { id: 6, flags: FLAGS.MORE, metadata: [field(9, 40)], body: 'the first piece,' }),
      frame('BODY', { id: 6, flags: FLAGS.MORE, body: ' the second one ' }),
      frame('PONG', { id: 99 }),
      frame('LOG', { id: 6, body: json('{"level":"info","message":"still here"}') }),
      frame('BODY', { id: 6, body: 'and last' }),
    ],
    assembled: [
      { name: 'PONG', type: 33, flags: 0, encoding: 0, id: 99, body: '' },
      {
        name: 'LOG',
        type: 24,
        flags: 0,
        encoding: 1,
        id: 6,
        body: Buffer.from('{"level":"info","message":"still here"}').toString('hex'),
      },
      {
        name: 'RESULT',
        type: 17,
        flags: 0,
        encoding: 0,
        id: 6,
        body: Buffer.from('the first piece, the second one and last').toString('hex'),
      },
    ],
  }),
  wellFormed('failure', {
    from: 'worker',
    holds: 'FAILURE with all members, and two causes',
    must: 'tell an error of its language in this way',
    frames: [failure(withCause, { id: 7 })],
  }),
  wellFormed('failure-cancelled', {
    from: 'worker',
    holds: 'FAILURE with CANCELLED: the handler gave up',
    must: 'write it when a handler ends because of CANCEL',
    frames: [failure({ name: 'CancelledError', message: 'cancelled' }, { id: 5, flags: FLAGS.CANCELLED })],
  }),
  wellFormed('failure-not-started', {
    from: 'worker',
    holds: 'FAILURE with CANCELLED and NOT_STARTED: the task was still waiting in the worker',
    must: 'write it for a task that was cancelled before its handler began, and only then',
    frames: [
      failure({ name: 'CancelledError', message: 'cancelled' }, { id: 8, flags: FLAGS.CANCELLED | FLAGS.NOT_STARTED }),
    ],
  }),
  wellFormed('failure-unknown-handler', {
    from: 'worker',
    holds: 'FAILURE: there is no such handler',
    must: 'use this name and list the known handlers in data.known',
    frames: [
      failure(
        {
          name: 'HandlerNotFoundError',
          message: 'no handler "resise"; known: default, resize',
          data: { known: ['default', 'resize'] },
        },
        { id: 9 },
      ),
    ],
  }),
  wellFormed('failure-too-large', {
    from: 'worker',
    holds: 'FAILURE: the reply is larger than field 33 of WELCOME allows',
    must: 'use this name, and size and limit in data',
    frames: [
      failure(
        {
          name: 'BodyTooLargeError',
          message: 'a reply of 67108865 bytes, the limit is 67108864',
          data: { size: 67_108_865, limit: 67_108_864 },
        },
        { id: 10 },
      ),
    ],
  }),
  wellFormed('stream', {
    from: 'worker',
    holds: 'a stream: two CHUNKs and END',
    must: 'write these for task-stream.bin if the handler generates "one" and [2]',
    frames: [
      frame('CHUNK', { id: 5, body: json('"one"') }),
      frame('CHUNK', { id: 5, body: json('[2]') }),
      frame('END', { id: 5 }),
    ],
  }),
  wellFormed('progress', {
    from: 'worker',
    holds: 'PROGRESS',
    must: 'write any JSON value, before the terminal frame',
    frames: [frame('PROGRESS', { id: 5, body: json('{"done":3,"of":10}') })],
  }),
  wellFormed('log', {
    from: 'worker',
    holds: 'LOG of a task with fields, a captured line of stdout, and a line of no task',
    must: 'leave out fields and source where there are none; id 0 = no task',
    frames: [
      frame('LOG', { id: 5, body: json('{"level":"warn","message":"slow disk","fields":{"ms":412}}') }),
      frame('LOG', { id: 5, body: json('{"level":"info","message":"printed","source":"stdout"}') }),
      frame('LOG', { id: 0, body: json('{"level":"error","message":"of nobody"}') }),
    ],
  }),
  wellFormed('pong', {
    from: 'worker',
    holds: 'PONG',
    must: 'repeat the number of the PING',
    frames: [frame('PONG', { id: 77 })],
  }),
  wellFormed('last-words', {
    from: 'worker',
    holds: 'LAST_WORDS: an uncaught error, thrown by what task 7 left behind',
    must: 'write it just before dying of an uncaught error, id 0 where it is not known whose it is; no terminal frame',
    frames: [
      frame('LAST_WORDS', {
        id: 7,
        body: json('{"name":"TypeError","message":"x is undefined"}'),
        error: { name: 'TypeError', message: 'x is undefined' },
      }),
    ],
  }),
];
