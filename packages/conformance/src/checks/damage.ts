import { FrameType, frameBytes } from '@ostler/protocol';
import type { Check } from '../check.js';
import { bytesTask } from '../messages.js';
import type { RawParent } from '../raw-parent.js';
import { expectEqual, expectThat } from '../violation.js';

/** Exit code of a worker that read damage on its task channel. */
const DAMAGED = 70;

/** Bytes on the task channel that are no frames. */
export const damageChecks: readonly Check[] = [
  {
    name: 'bad-trailer',
    rule: 'A frame whose trailer does not match: exit code 70 and a line on stderr; the task never runs',
    async run(stage) {
      const parent = await stage.start();
      const bytes = parent.encode(bytesTask(1, 'altered!'));
      bytes[bytes.length - 8] = 99;
      parent.write(bytes);
      await leavesDamaged(parent);
      return undefined;
    },
  },
  {
    name: 'inserted-bytes',
    rule: 'Bytes inserted into a body are noticed: exit code 70; the task never runs',
    async run(stage) {
      const parent = await stage.start();
      const bytes = parent.encode(bytesTask(1, 'x'.repeat(64)));
      const noise = Buffer.from('printed\n');
      parent.write(Buffer.concat([bytes.subarray(0, 40), noise, bytes.subarray(40), parent.encode(bytesTask(2, ''))]));
      await leavesDamaged(parent);
      return undefined;
    },
  },
  {
    name: 'wrong-key',
    rule: 'A frame with another key never runs: it is stray (skipped) or damage (exit code 70)',
    async run(stage) {
      const parent = await stage.start();
      return refusesStray(parent, frameBytes({ ...bytesTask(1, 'forged'), key: parent.key ^ 1 }));
    },
  },
  {
    name: 'garbage',
    rule: 'Bytes that are no frame at all are stray (skipped) or damage (exit code 70)',
    async run(stage) {
      const parent = await stage.start();
      return refusesStray(parent, Buffer.from('GET / HTTP/1.1\r\nHost: not-a-frame\r\n\r\n'));
    },
  },
  {
    name: 'over-the-limit',
    rule: 'A header that announces more than the frame limit is stray or damage; nothing of that size is allocated',
    async run(stage) {
      const parent = await stage.start();
      return refusesStray(parent, header(parent.key, 0xfffffff0));
    },
  },
  {
    name: 'cut-off',
    rule: 'A frame that end of file cuts off never runs; the worker leaves',
    async run(stage) {
      const parent = await stage.start();
      const bytes = parent.encode(bytesTask(1, 'x'.repeat(500)));
      parent.write(bytes.subarray(0, 300));
      parent.end();
      const { code, signal } = await parent.gone();
      expectEqual('frames of the task', parent.about(1).length, 0);
      expectThat(signal === null, 'an exit of its own', `${signal}`);
      return `exit ${code}`;
    },
  },
];

async function leavesDamaged(parent: RawParent): Promise<void> {
  expectEqual('exit', await parent.gone(), { code: DAMAGED, signal: null });
  expectThat(parent.stderr.trim() !== '', 'a line on stderr that says why', 'nothing');
  expectEqual('frames of the damaged task', parent.about(1).length, 0);
}

/** A task behind the stray bytes is either answered, or the worker has left with 70. */
async function refusesStray(parent: RawParent, stray: Uint8Array): Promise<string> {
  parent.write(Buffer.concat([stray, parent.encode(bytesTask(2, 'alive'))]));
  const isDecided = () => parent.exit !== undefined || parent.about(2).length > 0 || undefined;
  await parent.until('a reply to the next task, or an exit', isDecided);
  if (parent.about(2).length > 0) {
    await parent.ping(1);
    expectEqual('frames of the forged task', parent.about(1).length, 0);
    return 'skips it';
  }
  await leavesDamaged(parent);
  return 'exits with 70';
}

function header(key: number, bodyLength: number): Uint8Array {
  const word = FrameType.task;
  const words = Uint32Array.of(0x54534ff8, word, 1, 0, bodyLength, key ^ word ^ 1 ^ bodyLength);
  return new Uint8Array(words.buffer);
}
