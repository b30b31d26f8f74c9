import { Encoding } from '@ostler/protocol';
import type { Check } from '../check.js';
import { expectFate } from '../fate.js';
import { bytesTask, valueTask } from '../messages.js';
import { expectEqual, expectThat } from '../violation.js';

/** Errors of handlers. */
export const failureChecks: readonly Check[] = [
  {
    name: 'failure',
    rule: 'A handler that throws: FAILURE with name, message, own properties in data, and the cause; the worker lives on',
    async run(stage) {
      const parent = await stage.start();
      parent.send(
        bytesTask(1, '', { handler: 'fail' }),
        valueTask(2, null, { handler: 'fail' }),
        bytesTask(3, 'alive'),
      );
      for (const id of [1, 2]) {
        const error = await parent.failure(id);
        expectThat(error.name !== '', 'a name', error.name);
        expectEqual('message', error.message, 'told to fail');
        expectEqual('data.detail', error.data?.detail, 7);
        expectEqual('message of the cause', error.cause?.message, 'the reason');
        expectFate(error, 'failed');
        expectEqual('encoding', (await parent.settled(id)).encoding, Encoding.json);
      }
      await parent.result(3);
      return undefined;
    },
  },
  {
    name: 'large-failure',
    rule: 'A FAILURE has no pieces: what does not fit into a frame is cut, and the name and the start of the message stay',
    async run(stage) {
      const parent = await stage.start({ maxFrame: 4_096 });
      parent.send(valueTask(1, { message: 'ä'.repeat(1_500) }, { handler: 'fail' }), bytesTask(2, 'alive'));
      const { name, message } = await parent.failure(1);
      expectThat(name !== '' && message.startsWith('ä'), 'a name, and the start of the message', `${name}: ${message}`);
      const { flags, body } = await parent.settled(1);
      expectThat(body.length <= 4_096, 'a body of at most 4096 bytes', `${body.length}`);
      expectEqual('flags', flags, 0);
      await parent.result(2);
      return undefined;
    },
  },
  {
    name: 'unknown-handler',
    rule: 'An unknown handler: FAILURE HandlerNotFoundError that lists the known ones, in the message and in data.known',
    async run(stage) {
      const parent = await stage.start();
      parent.send(bytesTask(1, '', { handler: 'no such' }), bytesTask(2, '', { handler: 'toString' }));
      for (const id of [1, 2]) {
        const { name, message, data } = await parent.failure(id);
        expectEqual('name', name, 'HandlerNotFoundError');
        const known = data?.known;
        expectThat(Array.isArray(known) && known.includes('echo'), 'data.known with "echo" in it', known ?? null);
        expectThat(message.includes('echo'), 'a message that lists the known handlers', message);
      }
      return undefined;
    },
  },
];
