import { frame, frameEvent, json, KEY, u32, write } from './format.mjs';

const replies = [
  frame('RESULT', { id: 41, body: 'finished' }),
  frame('FAILURE', {
    id: 42,
    body: json('{"name":"ValueError","message":"no"}'),
    error: { name: 'ValueError', message: 'no' },
  }),
];
const encoded = Buffer.concat(replies.map((each) => write(each)));
const SIZE = 512;

/** The file as the parent finds it: the header, the replies, and behind them what an earlier batch left. */
function file({ started, batch, generation, seal = 0 }) {
  const bytes = Buffer.alloc(SIZE);
  u32(0x4c54534f, started, batch.length, generation, seal).copy(bytes);
  Buffer.concat([batch, write(frame('RESULT', { id: 7, body: 'of an earlier batch' }))]).copy(bytes, 64);
  if (seal !== 0) u32(seal, 0).copy(bytes, 64 + batch.length);
  return bytes;
}

const ledgerVector = (name, { holds, must, state, events }) => ({
  name,
  from: 'ledger',
  holds,
  must,
  wellFormed: false,
  key: KEY,
  bytes: file(state),
  ledger: { started: state.started, encoded: state.batch.length, generation: state.generation, seal: state.seal ?? 0 },
  events,
});

export const ledgers = [
  ledgerVector('ledger', {
    holds: 'a ledger of 512 bytes: two replies that were not written, task 43 running, an old frame behind them',
    must: 'leave its ledger like this when it is killed while it runs task 43; a parent takes `encoded` bytes and no more',
    state: { started: 43, batch: encoded, generation: 5 },
    events: replies.map(frameEvent),
  }),
  ledgerVector('ledger-sealed', {
    holds: 'the first of those ledgers, stored in one call under seal 77',
    must: 'not take the seal for the beginning of a frame; while the worker lives, take nothing where the two seals differ',
    state: { started: 43, batch: encoded, generation: 5, seal: 77 },
    events: replies.map(frameEvent),
  }),
  ledgerVector('ledger-flushed', {
    holds: 'the same ledger after its batch was written to the channel',
    must: 'set `encoded` to 0, then raise the generation; what is behind the header means nothing now',
    state: { started: 43, batch: Buffer.alloc(0), generation: 6 },
    events: [],
  }),
];
