import { FrameType } from '@ostler/protocol';
import { describe, expect, test } from 'vitest';
import { bytesTask, Conversation } from './support/conversation.js';

const { failure, result } = FrameType;

describe('what a handler is told', () => {
  test('is all in its task, and can be taken out of it', async () => {
    const seen: unknown[] = [];
    const conversation = await Conversation.ready({
      default(
        _input,
        { id, handler, attempt, tenant, metadata, idempotencyKey, traceparent, tracestate, slot, remainingMs },
      ) {
        seen.push({
          id,
          handler,
          attempt,
          tenant,
          metadata,
          idempotencyKey,
          traceparent,
          tracestate,
          slot,
          remaining: remainingMs(),
        });
      },
    });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    conversation.send(bytesTask(5, ''));
    conversation.send(
      bytesTask(6, '', {
        attempt: 3,
        tenant: 't',
        idempotencyKey: 'k',
        traceparent,
        tracestate: 'a=b',
        metadata: { user: 'u' },
        remainingMs: 500,
      }),
    );
    const first = {
      id: 5,
      handler: 'default',
      attempt: 1,
      tenant: '',
      metadata: {},
      idempotencyKey: null,
      traceparent: null,
      tracestate: null,
      slot: 2,
    };
    expect(seen).toEqual([
      { ...first, remaining: Number.POSITIVE_INFINITY },
      {
        ...first,
        id: 6,
        attempt: 3,
        tenant: 't',
        metadata: { user: 'u' },
        idempotencyKey: 'k',
        traceparent,
        tracestate: 'a=b',
        remaining: 500,
      },
    ]);
  });

  test('cannot be changed by another task with the same metadata', async () => {
    const seen: unknown[] = [];
    const conversation = await Conversation.ready({
      default(_input, task) {
        seen.push({ ...task.metadata });
        task.metadata.user = 'changed';
        seen.push(task.metadata.user);
      },
    });
    conversation.send(bytesTask(1, '', { metadata: { user: 'u' } }), bytesTask(2, '', { metadata: { user: 'u' } }));
    expect(seen).toEqual([{ user: 'u' }, 'changed', { user: 'u' }, 'changed']);
  });

  test('counts the remaining time from when the handler began, and never below zero', async () => {
    const seen: number[] = [];
    let go = () => {};
    const conversation = await Conversation.ready({
      wait: () => new Promise<void>((resolve) => (go = resolve)),
      async default(_input, task) {
        seen.push(task.remainingMs());
        conversation.now += 70;
        seen.push(task.remainingMs());
        conversation.now += 70;
        seen.push(task.remainingMs());
      },
    });
    conversation.send(bytesTask(1, '', { handler: 'wait' }), bytesTask(2, '', { remainingMs: 100 }));
    conversation.now += 1000;
    go();
    await conversation.until(result, 1);
    conversation.turn();
    await conversation.until(result, 2);
    expect(seen).toEqual([100, 30, 0]);
  });

  test('progress and log lines go out before the terminal frame', async () => {
    const conversation = await Conversation.ready({
      default(_input, { progress, log }) {
        progress({ percent: 50 });
        log('warn', 'half way', { left: 2n, problem: new Error('p') });
        return 'ok';
      },
    });
    conversation.send(bytesTask(1, ''));
    expect(conversation.story.map((line) => line.split(' ')[0])).toEqual(['progress', 'log', 'result']);
    expect(conversation.sent[0]?.text).toBe('{"percent":50}');
    expect(JSON.parse(conversation.sent[1]?.text ?? '')).toMatchObject({
      level: 'warn',
      message: 'half way',
      fields: { left: '2', problem: { name: 'Error', message: 'p' } },
    });
  });

  test('a progress value that JSON would change is refused where it is given', async () => {
    const conversation = await Conversation.ready({ default: (_input, task) => task.progress(new Map()) });
    conversation.send(bytesTask(1, ''));
    expect((await conversation.until(failure, 1)).text).toContain('JsonValueError');
  });

  test('after the task is done, progress says nothing and log lines belong to no task', async () => {
    let late = () => {};
    const conversation = await Conversation.ready({
      default(_input, task) {
        late = () => {
          task.progress(1);
          task.log('info', 'late');
        };
      },
    });
    conversation.send(bytesTask(1, ''));
    late();
    expect(conversation.story).toEqual(['result 1', 'log 0 {"level":"info","message":"late"}']);
  });
});
