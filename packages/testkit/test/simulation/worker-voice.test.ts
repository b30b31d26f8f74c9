import { FrameType } from '@ostler/protocol';
import { expect, test } from 'vitest';
import type { WorkerScript } from '../../src/index.js';
import { inWorlds, Stage } from '../worker-process/stage.js';

/** Short replies, which the ledger holds back, and a stream behind them. */
const script: WorkerScript = {
  *handle(task, voice) {
    yield;
    if (!task.stream) {
      voice.reply(task, `${task.id}`);
      return;
    }
    yield* voice.chunk(task, 'a chunk');
    yield;
    voice.end(task);
  },
};

function streamBehindReplies(seed: number): Stage {
  const stage = new Stage(script, { seed }).untilReady();
  for (const id of [1, 2]) stage.send(id);
  stage.send(3, '', { stream: true });
  return stage;
}

test('a batch that a chunk pushes out is written once, whole, and before the chunk', () => {
  inWorlds(100, (seed) => {
    const stage = streamBehindReplies(seed);
    stage.untilReplies(3);
    expect(stage.violations).toEqual([]);
    expect(stage.replies).toEqual(['1: 1', '2: 2', '3.']);
    expect(stage.frames.map(({ type }) => type)).toEqual([
      FrameType.result,
      FrameType.result,
      FrameType.chunk,
      FrameType.end,
    ]);
  });
});

test('no answer and no cancelled task gets between its two halves', () => {
  inWorlds(300, (seed) => {
    const stage = streamBehindReplies(seed);
    for (let steps = seed % 20; steps > 0; steps--) stage.os.step();
    stage.worker.ping(9);
    stage.worker.cancel(3);
    stage.untilReplies(3);
    expect(stage.violations).toEqual([]);
    expect(stage.replies.filter((reply) => !reply.startsWith('3'))).toEqual(['1: 1', '2: 2']);
  });
});
