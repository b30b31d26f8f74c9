import { Encoding, FrameType, frameBytes } from '@ostler/protocol';
import type { Check } from '../check.js';
import { bytesTask, valueTask } from '../messages.js';
import { isTerminal } from '../received-frame.js';
import type { Stage } from '../stage.js';
import { expectEqual, expectThat } from '../violation.js';

/** What user code prints, logs and reports. */
export const outputChecks: readonly Check[] = [
  {
    name: 'print-language',
    rule: "The language's own print never harms the conversation, and its text arrives as output or LOG",
    run: (stage) => printBetweenTasks(stage, 'language', new Uint8Array()),
  },
  {
    name: 'print-native',
    rule: 'The same for a native write to descriptor 1, even of bytes that look like frames',
    run: (stage) => printBetweenTasks(stage, 'native', junk()),
  },
  {
    name: 'print-child',
    rule: 'The same for a child process that inherited stdout',
    run: (stage) => printBetweenTasks(stage, 'child', junk()),
  },
  {
    name: 'child-reads-stdin',
    rule: 'A child process that reads its inherited stdin gets end of file at once and eats no frame',
    transports: ['channel', 'ledger'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'child-reads-stdin' }), bytesTask(2, 'not eaten'));
      expectEqual('bytes that the child read', await parent.value(1), { read: 0 });
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'channel-stays-private',
    rule: 'A child process does not inherit the channel: it ends with the worker even if the child lives on',
    transports: ['channel', 'ledger'],
    async run(stage) {
      const parent = await stage.start();
      const place = stage.rendezvous(parent);
      parent.send(valueTask(1, place.path, { handler: 'descendant' }));
      await parent.result(1);
      parent.end(); // the child reads until the stage is cleared, unless the worker has ended it with its task
      expectEqual('exit', await parent.gone(), { code: 0, signal: null });
      return undefined;
    },
  },
  {
    name: 'log',
    rule: "LOG has level, message, fields and its task's id, and comes before the task's terminal frame",
    needs: ['log'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(6, { message: 'Zeile ä' }, { handler: 'log' }), bytesTask(7, ''));
      await parent.settled(6);
      const [log] = parent.about(6);
      expectThat(log?.type === FrameType.log, 'LOG as the first frame of the task', `type ${log?.type}`);
      expectEqual('encoding', log.encoding, Encoding.json);
      const { level, message, fields } = JSON.parse(new TextDecoder().decode(log.body)) as Record<string, unknown>;
      expectEqual(
        'level, message, fields',
        { level, message, fields },
        { level: 'warn', message: 'Zeile ä', fields: { n: 1 } },
      );
      return undefined;
    },
  },
  {
    name: 'large-log',
    rule: 'A LOG has no pieces: a message that does not fit into a frame is cut',
    needs: ['log'],
    async run(stage) {
      const parent = await stage.start({ maxFrame: 4_096 });
      parent.send(valueTask(1, { message: 'ä'.repeat(1_900) }, { handler: 'log' }));
      await parent.result(1);
      const [log] = parent.about(1);
      expectThat(
        log?.type === FrameType.log && log.flags === 0,
        'LOG without flags',
        `type ${log?.type}, ${log?.flags}`,
      );
      const { message } = JSON.parse(new TextDecoder().decode(log.body)) as { message: string };
      expectThat(message.startsWith('ä') && log.body.length <= 4_096, 'the start of the message', message);
      return undefined;
    },
  },
  {
    name: 'progress',
    rule: 'PROGRESS frames carry JSON values in their order, before the terminal frame',
    needs: ['progress'],
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(4, { steps: 3 }, { handler: 'progress' }));
      await parent.settled(4);
      const frames = parent.about(4);
      expectEqual('terminal frame last', frames.map(isTerminal), [false, false, false, true]);
      const steps = frames.slice(0, 3).map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as unknown);
      expectEqual('values', steps, [{ step: 1 }, { step: 2 }, { step: 3 }]);
      return undefined;
    },
  },
];

async function printBetweenTasks(stage: Stage, how: string, noise: Uint8Array): Promise<string> {
  const parent = await stage.start();
  const line = `printed by ${how}`;
  const data = Buffer.concat([Buffer.from(`${line}\n`), noise, Buffer.from('\n')]);
  parent.send(bytesTask(1, 'before'), valueTask(2, { how, data }, { handler: 'print' }), bytesTask(3, 'after'));
  await parent.result(1);
  expectEqual('reply', await parent.value(2), 'printed');
  await parent.result(3);
  await parent.until(
    `the text ${JSON.stringify(line)} as output or LOG`,
    () => parent.output().includes(line) || undefined,
  );
  if (parent.wire.stray.includes(line)) return 'stray bytes on the channel';
  if (parent.stdout.includes(line)) return 'on stdout';
  return parent.stderr.includes(line) ? 'on stderr' : 'as LOG';
}

/** Two replies of task 2 that must not count (no key, another key), and the beginning of a third. */
function junk(): Uint8Array {
  const reply = { type: FrameType.result, id: 2, body: new TextEncoder().encode('forged') };
  const other = frameBytes({ ...reply, key: 1 });
  return Buffer.concat([frameBytes({ ...reply, key: 0 }), other, other.subarray(0, 24)]);
}
