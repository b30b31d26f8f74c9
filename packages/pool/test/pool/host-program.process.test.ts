import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Tether } from './tether.js';

const HOST = fileURLToPath(new URL('fixtures/host.mjs', import.meta.url));
const hosts: ChildProcess[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) host.kill('SIGKILL');
});

/** A program that has a pool, and what it prints. */
class Host {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown[]>;

  constructor(what: string, tether: Tether, options: object = {}) {
    const env = { ...process.env, ...tether.env };
    this.child = spawn(process.execPath, [HOST, what, JSON.stringify(options)], { env });
    hosts.push(this.child);
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.#ended = once(this.child, 'close');
  }

  /** Its exit code, or the name of the signal. */
  async end(): Promise<unknown> {
    const [code, signal] = await this.#ended;
    return code ?? signal;
  }

  async until(line: string): Promise<void> {
    while (!this.stdout.includes(`${line}\n`)) await once(this.child.stdout as NodeJS.ReadableStream, 'data');
  }
}

describe('a program with a pool', () => {
  it('ends by itself when its pool has nothing to do, and takes the workers along', async () => {
    const tether = await Tether.create();
    const host = new Host('idle', tether, { minWorkers: 2, maxWorkers: 2 });
    expect(await host.end()).toBe(0);
    expect(host.stdout).toBe('reply x\n');
    await tether.allDead();
    expect(tether.pids.length).toBeGreaterThan(0);
  });

  it('stays as long as a task is pending', async () => {
    const host = new Host('pending', await Tether.create());
    expect(await host.end()).toBe(0);
    expect(host.stdout).toBe('reply late\n');
  });

  it('stays until close() where it asked for that', async () => {
    const host = new Host('close', await Tether.create(), { keepAlive: true });
    await host.until('reply x');
    host.child.stdin?.write('close');
    expect(await host.end()).toBe(0);
    expect(host.stdout).toBe('reply x\nclosed\n');
  });

  it('that is killed by SIGKILL leaves no worker, busy or idle', async () => {
    const tether = await Tether.create();
    const host = new Host('busy', tether, { minWorkers: 2, maxWorkers: 2 });
    await host.until('busy');
    host.child.kill('SIGKILL');
    expect(await host.end()).toBe('SIGKILL');
    await tether.allDead();
  });

  it('that exits takes workers along that do not listen', async () => {
    const tether = await Tether.create();
    expect(await new Host('exit', tether).end()).toBe(7);
    await tether.allDead();
  });

  it('that dies of its own error takes workers along that do not listen', async () => {
    const tether = await Tether.create();
    const host = new Host('throw', tether);
    expect(await host.end()).toBe(1);
    expect(host.stderr).toContain('the host gives up');
    await tether.allDead();
  });
});

describe('what workers print', () => {
  it('goes to stderr with their name, slot and pid', async () => {
    const tether = await Tether.create();
    const host = new Host('say', tether);
    expect(await host.end()).toBe(0);
    const prefix = `[host 0 pid ${tether.pids[0]}]`;
    expect(host.stderr.trim().split('\n').toSorted()).toEqual([`${prefix} err hello`, `${prefix} out hello`]);
    expect(host.stdout).toBe('');
  });

  it('goes to listeners instead, as soon as there is one', async () => {
    const host = new Host('listen', await Tether.create());
    expect(await host.end()).toBe(0);
    expect(host).toMatchObject({ stdout: 'heard err hello, out hello\n', stderr: '' });
  });

  it("goes to our own streams as it is, with output: 'inherit'", async () => {
    const host = new Host('say', await Tether.create(), { output: 'inherit' });
    expect(await host.end()).toBe(0);
    expect(host).toMatchObject({ stdout: 'out hello\n', stderr: 'err hello\n' });
  });

  it("goes nowhere but to listeners, with output: 'event'", async () => {
    const host = new Host('say', await Tether.create(), { output: 'event' });
    expect(await host.end()).toBe(0);
    expect(host).toMatchObject({ stdout: '', stderr: '' });
  });
});
