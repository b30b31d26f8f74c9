import { setImmediate } from 'node:timers/promises';
import { FrameType, PROTOCOL_VERSION } from '@ostler/protocol';
import type { Check } from '../check.js';
import { expectFate } from '../fate.js';
import { checkLayout } from '../frame-layout.js';
import { bytesTask, valueTask } from '../messages.js';
import { SETTINGS } from '../raw-parent.js';
import { expectEqual, expectThat } from '../violation.js';

/** From the start of the process to READY. */
export const handshakeChecks: readonly Check[] = [
  {
    name: 'hello',
    rule: 'HELLO is the first frame: id 0, key 0, JSON with protocol range, sdk, runtime, pid and capabilities',
    async run(stage) {
      const parent = stage.launch();
      const hello = await parent.hello();
      const [frame] = parent.wire.frames;
      expectEqual(
        'type, id, flags and encoding of HELLO',
        [frame?.type, frame?.id, frame?.flags, frame?.encoding],
        [1, 0, 0, 1],
      );
      const { min, max } = hello.protocol;
      expectThat(min <= PROTOCOL_VERSION && PROTOCOL_VERSION <= max, 'a range with protocol 1 in it', hello.protocol);
      process.kill(hello.pid, 0);
      return `${hello.sdk.name} ${hello.sdk.version}, ${hello.runtime.name} ${hello.runtime.version}`;
    },
  },
  {
    name: 'private-channel',
    rule: 'With OSTLER_CHANNEL="3,4" HELLO comes on descriptor 4, and no frame on stdout',
    transports: ['channel', 'ledger'],
    async run(stage) {
      const parent = await stage.start();
      expectThat(parent.isPrivate, 'HELLO on descriptor 4', 'HELLO on stdout');
      parent.end();
      await parent.gone();
      expectThat(!parent.stdout.includes('\u00f8OST'), 'no frame on stdout', parent.stdout);
      return undefined;
    },
  },
  {
    name: 'layout',
    rule: 'Every byte of every frame is as specified: reserved byte, check with the key of WELCOME, zero padding, trailer',
    async run(stage) {
      const parent = await stage.start();
      parent.send(...['', 'a', 'abcdefg', 'abcdefgh'].map((body, index) => bytesTask(index + 1, body)));
      parent.send(valueTask(5, { key: 'value' }), bytesTask(6, '', { handler: 'no such handler' }));
      parent.end();
      await parent.gone();
      if (!parent.isPrivate) expectEqual('bytes beside the frames', parent.wire.stray, '');
      const frames = checkLayout(parent.wire.bytes(), (index) => (index === 0 ? 0 : SETTINGS.key));
      expectThat(frames >= 8, 'HELLO, READY and 6 replies', `${frames} frames`);
      return undefined;
    },
  },
  {
    name: 'init-data',
    rule: "init gets WELCOME's data, slot and worker id",
    async run(stage) {
      const initData = { text: 'für init', list: [1, null] };
      const parent = await stage.start({ initData, slot: 5, workerId: 77 });
      parent.send(valueTask(1, null, { handler: 'info' }));
      const info = (await parent.value(1)) as Record<string, unknown>;
      expectEqual('initData', info.initData, initData);
      expectEqual('slot and workerId', [info.slot, info.workerId], [5, 77]);
      return undefined;
    },
  },
  {
    name: 'no-init-data',
    rule: 'A WELCOME without a body means that there are no init data (null)',
    async run(stage) {
      const parent = await stage.start();
      parent.send(valueTask(1, null, { handler: 'info' }));
      expectEqual('initData', ((await parent.value(1)) as Record<string, unknown>).initData, null);
      return undefined;
    },
  },
  {
    name: 'large-init-data',
    rule: 'Init data larger than a frame come as WELCOME with MORE and BODY frames',
    async run(stage) {
      const initData = 'x'.repeat(5_000);
      const parent = await stage.start({ initData, maxFrame: 1_024 });
      parent.send(valueTask(1, null, { handler: 'info' }));
      expectEqual('initData', ((await parent.value(1)) as Record<string, unknown>).initData, initData);
      return undefined;
    },
  },
  {
    name: 'ready-after-init',
    rule: 'READY is sent after init has finished, not before',
    async run(stage) {
      const parent = stage.launch();
      await parent.hello();
      const place = stage.rendezvous(parent);
      parent.welcome({ initData: { hold: place.path } });
      await stage.meet(parent, place);
      await setImmediate(); // one turn of the event loop reads what was written before init began
      await setImmediate();
      expectEqual('frames beside HELLO while init runs', parent.wire.frames.length - 1, 0);
      await place.release();
      await parent.ready();
      return undefined;
    },
  },
  {
    name: 'init-failure',
    rule: 'When init fails: FAILURE with id 0 that says why, no READY, exit code 1',
    async run(stage) {
      const parent = stage.launch();
      await parent.hello();
      parent.welcome({ initData: { fail: true } });
      const failure = await parent.failure(0);
      const { message } = failure;
      expectThat(message.includes('told to fail in init'), 'the message of the error', message);
      expectFate(failure, 'failed');
      expectEqual('exit', await parent.gone(), { code: 1, signal: null });
      const isReady = parent.wire.frames.some(({ type }) => type === FrameType.ready);
      expectThat(!isReady, 'no READY', 'READY');
      return undefined;
    },
  },
  {
    name: 'eof-before-welcome',
    rule: 'End of file before WELCOME: the worker leaves with exit code 0',
    async run(stage) {
      const parent = stage.launch();
      await parent.hello();
      parent.end();
      expectEqual('exit', await parent.gone(), { code: 0, signal: null });
      return undefined;
    },
  },
];
