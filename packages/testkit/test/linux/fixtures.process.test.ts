import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { bytesTask, isTerminal, RawParent, type Transport } from '@ostler/conformance';
import { FrameType } from '@ostler/protocol';
import { nodeFixture, pythonFixture } from '@ostler/testkit';
import { afterEach, describe, expect, it } from 'vitest';

const MEBIBYTE = 1 << 20;
const fixtures = { node: nodeFixture, python: pythonFixture };
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function launch(command: readonly [string, ...string[]], transport: Transport): RawParent {
  const parent = new RawParent({ command, transport, env: {}, timeout: 30_000 });
  cleanUps.push(() => parent.destroy());
  return parent;
}

async function start(command: readonly [string, ...string[]], transport: Transport): Promise<RawParent> {
  const parent = launch(command, transport);
  await parent.hello();
  parent.welcome();
  await parent.ready();
  return parent;
}

const isEnded = (parent: RawParent) => parent.until('the end of the channel', () => parent.wire.ended || undefined);
const text = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);
const proc = (parent: RawParent, file: string) => readFileSync(`/proc/${parent.child.pid}/${file}`, 'utf8');

const cases = (['node', 'python'] as const).flatMap((language) =>
  (['channel', 'stdio'] as const).map((transport) => [language, transport] as const),
);

describe.each(cases)('the %s fixture `faulty` over %s', (language, transport) => {
  /** A faulty worker that was given one task, id 1. */
  async function fault(handler: string, body = ''): Promise<RawParent> {
    const parent = await start(fixtures[language]('faulty'), transport);
    parent.send(bytesTask(1, body, { handler }));
    return parent;
  }

  it.each([
    ['exit-0', { code: 0, signal: null }],
    ['exit-1', { code: 1, signal: null }],
    ['kill-self', { code: null, signal: 'SIGKILL' }],
  ])('leaves by %s without a reply', async (handler, exit) => {
    const parent = await fault(handler);
    expect(await parent.gone()).toEqual(exit);
    expect(parent.about(1)).toEqual([]);
  });

  it('throws, with a cause, and lives on', async () => {
    const parent = await fault('throw');
    expect(await parent.failure(1)).toMatchObject({ message: 'out of cheese', cause: { message: 'no milk' } });
    parent.send(bytesTask(2, 'alive', { handler: 'echo' }));
    expect(text(await parent.result(2))).toBe('alive');
  });

  it('stops itself and goes on when it is continued', async () => {
    const parent = await fault('stop-self');
    while (!/\) T /.test(proc(parent, 'stat'))) await setImmediate();
    parent.kill('SIGCONT');
    await parent.settled(1);
  });

  it('hangs until it is killed, and dies of SIGTERM', async () => {
    const parent = await fault('hang');
    parent.kill('SIGTERM');
    expect(await parent.gone()).toEqual({ code: null, signal: 'SIGTERM' });
  });

  it('takes SIGTERM for itself and hangs', async () => {
    const parent = await fault('ignore-sigterm');
    const bit = 1n << 14n;
    const catches = (name: string) =>
      (BigInt(`0x${proc(parent, 'status').match(`${name}:\\t(\\w+)`)?.[1]}`) & bit) !== 0n;
    while (!catches('SigCgt') && !catches('SigIgn')) await setImmediate();
    parent.kill();
    expect(await parent.gone()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('runs out of memory', async () => {
    const parent = await fault('leak-memory');
    if (language === 'python') {
      expect((await parent.failure(1)).name).toBe('MemoryError');
      return;
    }
    expect(await parent.gone()).toEqual({ code: null, signal: 'SIGABRT' });
    expect(parent.stderr).toContain('heap out of memory');
  });

  it.each(['print-language', 'print-native', 'print-child', 'flood-stderr'])('writes 10 MiB by %s', async (handler) => {
    const parent = await fault(handler);
    expect(text(await parent.result(1))).toBe('done');
    const size = () => parent.stdout.length + parent.stderr.length + parent.wire.length;
    await parent.until('all that was printed', () => size() >= 10 * MEBIBYTE || undefined);
    expect(parent.wire.damage).toEqual([]);
  });

  // With stdin as the task channel the child of a Node worker eats frames: pure Node cannot prevent it.
  if (language !== 'node' || transport !== 'stdio') {
    it('lets a child read stdin', async () => {
      expect(text(await (await fault('child-reads-stdin')).result(1))).toBe('0');
    });
  }

  it('gives a reply over the limit', async () => {
    expect((await (await fault('big-reply')).failure(1)).name).toBe('BodyTooLargeError');
    expect((await (await fault('big-reply', '2000000')).failure(1)).data).toMatchObject({ size: 2_000_000 });
  });

  it('leaves in the middle of a frame', async () => {
    const parent = await fault('half-frame');
    expect(await parent.gone()).toEqual({ code: 0, signal: null });
    expect(parent.wire.bytes().slice(-12)).toEqual(Buffer.from('f84f53541100000001000000', 'hex'));
    expect(parent.wire.damage.length + parent.wire.stray.length).toBeGreaterThan(0);
  });

  it('writes garbage on its channel, then its reply', async () => {
    const parent = await fault('garbage', 'reply');
    expect(text(await parent.result(1))).toBe('reply');
    expect(parent.wire.stray.length).toBeGreaterThan(1_000);
  });

  it('leaves, while a grandchild holds its channel', async () => {
    const parent = await fault('fork-holds-pipe');
    const [, pid] = await parent.until('the pid of the holder', () => parent.stderr.match(/holder (\d+)/) ?? undefined);
    cleanUps.push(() => process.kill(Number(pid), 'SIGKILL'));
    expect(await parent.exited()).toEqual({ code: 1, signal: null });
    await setImmediate();
    expect(parent.wire.ended).toBe(false);
  });

  it('starts a grandchild in a session of its own', async () => {
    const pid = Number(text(await (await fault('spawn-grandchild')).result(1)));
    cleanUps.push(() => process.kill(pid, 'SIGKILL'));
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3]).toBe(String(pid));
  });

  it('closes its channel and lives on', async () => {
    const parent = await fault('close-channel');
    await isEnded(parent);
    await setImmediate();
    expect(parent.exit).toBeUndefined();
  });

  it('throws in the name of task 1 while task 2 runs', async () => {
    const parent = await fault('late-throw');
    await parent.result(1);
    parent.send(bytesTask(2, '', { handler: 'late-throw-victim' }));
    expect((await parent.gone()).code).toBe(1);
    expect(parent.about(2).filter(isTerminal)).toEqual([]);
    const words = parent.wire.messages.find(({ type }) => type === FrameType.lastWords);
    expect(words?.id).toBe(1);
  });
});

describe.each(cases)('the %s fixtures of start-up over %s', (language, transport) => {
  const fixture = fixtures[language];

  it('echo answers', async () => {
    const parent = await start(fixture('echo'), transport);
    parent.send(bytesTask(1, 'heard'));
    expect(text(await parent.result(1))).toBe('heard');
  });

  it('crash-on-start leaves with 3 before HELLO', async () => {
    const parent = launch(fixture('crash-on-start'), transport);
    expect(await parent.gone()).toEqual({ code: 3, signal: null });
    expect(parent.stderr).toBe('crash-on-start: no such license\n');
  });

  it('crash-in-init tells why and leaves with 1', async () => {
    const parent = launch(fixture('crash-in-init'), transport);
    await parent.hello();
    parent.welcome();
    expect((await parent.failure(0)).message).toBe('crash-in-init: the model is missing');
    expect(await parent.gone()).toEqual({ code: 1, signal: null });
  });

  it('not-a-worker prints its usage and leaves with 2', async () => {
    const parent = launch(fixture('not-a-worker'), transport);
    expect(await parent.gone()).toEqual({ code: 2, signal: null });
    expect(parent.wire.frames).toEqual([]);
  });
});

describe.each(['channel', 'stdio'] as const)('the raw fixtures over %s', (transport) => {
  async function answer(name: string): Promise<RawParent> {
    const parent = await start(nodeFixture(name), transport);
    parent.send(bytesTask(1, 'heard'));
    return parent;
  }

  it('split-frames answers byte by byte', async () => {
    expect(text(await (await answer('split-frames')).result(1))).toBe('heard');
  });

  it('garbage answers behind 64 KiB of garbage', async () => {
    const parent = await answer('garbage');
    expect(text(await parent.result(1))).toBe('heard');
    expect(parent.wire.stray.length).toBeGreaterThan(1_000);
  });

  it('half-frame leaves in the middle of a reply', async () => {
    const parent = await answer('half-frame');
    expect(await parent.gone()).toEqual({ code: 0, signal: null });
    expect(parent.about(1)).toEqual([]);
    expect(parent.wire.damage).toHaveLength(1);
  });

  it('never-reads leaves its input in the pipe', async () => {
    const parent = await answer('never-reads');
    parent.write(new Uint8Array(4 * MEBIBYTE));
    const writer = transport === 'stdio' ? parent.child.stdin : parent.child.stdio[3];
    await setImmediate();
    expect((writer as NodeJS.WritableStream & { writableLength: number }).writableLength).toBeGreaterThan(0);
    expect(parent.about(1)).toEqual([]);
    expect(parent.exit).toBeUndefined();
  });
});
