import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorkerScript } from '../../src/index.js';
import { Stage } from './stage.js';

/** What a task makes its worker do. */
type Deed = 'reply' | 'big reply' | 'throw' | 'sleep' | 'crash' | 'leave' | 'close';
/** What the pool does between two steps of the world. */
type Move = { send: Deed; size: number } | { cancel: number } | 'ping' | 'peek' | 'end' | 'SIGTERM' | 'SIGKILL';

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Deed>('reply') },
  { weight: 2, arbitrary: fc.constantFrom<Deed>('big reply', 'throw', 'sleep') },
  { weight: 1, arbitrary: fc.constantFrom<Deed>('crash', 'leave', 'close') },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ send: deed, size: fc.oneof(fc.nat(2_000), fc.nat(300_000)) }) },
  { weight: 4, arbitrary: fc.record({ cancel: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.constantFrom<Move>('ping', 'peek') },
  { weight: 1, arbitrary: fc.constantFrom<Move>('end', 'SIGTERM', 'SIGKILL') },
);
const world = fc.record({
  seed: fc.nat(),
  moves: fc.array(fc.record({ move, pause: fc.nat(30) }), { maxLength: 40 }),
  channel: fc.constantFrom('private' as const, 'stdout' as const),
  hasLedgers: fc.boolean(),
  readsWhileBusy: fc.boolean(),
});

/** A worker that does as its tasks say, and notes which of them have been answered, cancelled ones apart. */
function obedient(answered: Set<number>): NonNullable<WorkerScript['handle']> {
  let isClosed = false;
  return function* (task, voice) {
    const [word] = new TextDecoder().decode(task.body.subarray(0, 20)).split('|');
    yield;
    voice.log(task, `${task.id} began`);
    yield;
    if (word === 'sleep') while (true) yield* voice.sleep();
    if (word === 'crash') voice.host.die('SIGSEGV');
    else if (word === 'leave') voice.host.exit(0);
    else if (word === 'close') {
      isClosed = true;
      voice.closeChannel();
    } else {
      if (!isClosed) answered.add(task.id);
      if (word === 'throw') throw new Error('thrown');
      voice.reply(task, word === 'big reply' ? new Uint8Array(400_000) : `${task.id}`);
    }
    if (word === 'crash' || word === 'leave') yield; // nothing follows
  };
}

function perform(stage: Stage, move: Move, id: number): void {
  const { worker } = stage;
  if (move === 'ping') worker.ping(id);
  else if (move === 'peek') worker.peekLedger();
  else if (move === 'end') worker.endInput();
  else if (move === 'SIGTERM' || move === 'SIGKILL') worker.signal(move);
  else if ('cancel' in move) worker.cancel(move.cancel);
  else stage.send(id, `${move.send}|${'x'.repeat(move.size)}`);
}

test('whatever happens, no finished reply is lost, and the end comes once, after all else', () => {
  fc.assert(
    fc.property(world, ({ seed, moves, hasLedgers, ...script }) => {
      const answered = new Set<number>();
      const stage = new Stage({ handle: obedient(answered), ...script }, { seed, os: { hasLedgers } }).untilReady();
      moves.forEach(({ move, pause }, i) => {
        perform(stage, move, i + 1);
        for (let steps = pause; steps > 0; steps--) stage.os.step();
      });
      stage.worker.signal('SIGKILL');
      stage.untilGone();
      const { length } = stage.calls;
      stage.os.run();
      expect(stage.calls).toHaveLength(length);
      expect(stage.calls.at(-1)).toBe('onGone');
      expect(stage.violations).toEqual([]);
      const ids = stage.replies.map((reply) => Number.parseInt(reply, 10));
      expect([...answered].filter((id) => !ids.includes(id))).toEqual([]);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
      expect(stage.process.isReleased).toBe(true);
      expect(stage.os.ledgers.every(({ isOpen }) => !isOpen)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a worker that is asked to leave answers all that it got, once, and exits', () => {
  const gentle = world.map((parts) => ({
    ...parts,
    moves: parts.moves.filter(
      ({ move }) => typeof move === 'object' && (!('send' in move) || /reply|throw/.test(move.send)),
    ),
  }));
  fc.assert(
    fc.property(gentle, ({ seed, moves, hasLedgers, ...script }) => {
      const stage = new Stage({ handle: obedient(new Set()), ...script }, { seed, os: { hasLedgers } }).untilReady();
      const sent: number[] = [];
      moves.forEach(({ move, pause }, i) => {
        perform(stage, move, i + 1);
        if (typeof move === 'object' && 'send' in move) sent.push(i + 1);
        for (let steps = pause; steps > 0; steps--) stage.os.step();
      });
      stage.worker.endInput();
      expect(stage.untilGone().exit.exitCode).toBe(0);
      const ids = stage.replies.map((reply) => Number.parseInt(reply, 10));
      expect(ids.toSorted((a, b) => a - b)).toEqual(sent);
    }),
    { numRuns: 200 },
  );
});
