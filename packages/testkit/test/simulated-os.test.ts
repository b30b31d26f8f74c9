import type { OutputStream, ProcessListener } from '@ostler/pool/os';
import { describe, expect, test } from 'vitest';
import { type ProgramMaker, SimulatedOs, type SimulatedOsOptions } from '../src/index.js';

/** Copies what it reads to its private output, in upper case, and leaves at end of file. */
const shout: ProgramMaker = (host) => ({
  canAct: false,
  reads: true,
  act() {},
  onInput(stream, bytes) {
    if (stream === 'channel-in') host.write('channel-out', new TextDecoder().decode(bytes).toUpperCase());
  },
  onInputEnd(stream) {
    if (stream === 'channel-in') host.exit(0);
  },
});

function start(options: Partial<SimulatedOsOptions> = {}) {
  const os = new SimulatedOs({ seed: 1, program: () => shout, ...options });
  const events: string[] = [];
  const output: Record<OutputStream, string> = { stdout: '', stderr: '', 'channel-out': '' };
  const listener: ProcessListener = {
    onStarted: () => {},
    onSpawnError: ({ code }) => void events.push(`spawn error ${code}`),
    onData: (stream, bytes) => {
      events.push(`${bytes.length} bytes`);
      output[stream] += new TextDecoder().decode(bytes);
    },
    onEnd: (stream) => void events.push(`end of ${stream}`),
    onExit: (code, signal) => void events.push(`exit ${code ?? signal}`),
  };
  const request = { command: ['program'] as const, cwd: undefined, env: {}, channel: true, ledger: null };
  return { os, events, output, process: os.spawn(request, listener) };
}

describe('a simulated machine', () => {
  test('does the same again under the same seed, and something else under another', () => {
    const trace = (seed: number): string => {
      const { os, events, process } = start({ seed });
      process.write('channel-in', new TextEncoder().encode('neigh '.repeat(20_000)), () => events.push('written'));
      process.end('channel-in');
      os.run();
      return `${events.join(', ')} at ${os.now()}`;
    };
    expect(trace(7)).toBe(trace(7));
    expect(trace(7)).not.toBe(trace(8));
  });

  test('carries all bytes in order, in whatever portions, and tells each end once', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { os, events, output, process } = start({ seed });
      const text = Array.from({ length: 20_000 }, (_, i) => `neigh ${i} `).join('');
      process.write('channel-in', new TextEncoder().encode(text), () => events.push('written'));
      process.end('channel-in');
      expect(os.run()).toBe(false);
      expect(output['channel-out']).toBe(text.toUpperCase());
      const others = events.filter((event) => !event.endsWith('bytes')).sort();
      expect(others).toEqual(['end of channel-out', 'end of stderr', 'end of stdout', 'exit 0', 'written']);
      expect(os.live).toBe(0);
    }
  });

  test('tells an exit before the last data in some worlds, and after it in others', () => {
    const orders = new Set<boolean>();
    for (let seed = 1; seed <= 30; seed++) {
      const { os, events, process } = start({ seed });
      process.write('channel-in', new TextEncoder().encode('neigh'), () => {});
      process.end('channel-in');
      os.run();
      orders.add(events.indexOf('exit 0') < events.findIndex((event) => event.endsWith('bytes')));
    }
    expect(orders.size).toBe(2);
  });

  test('fails to start what it is told to, later and once', () => {
    const { os, events, process } = start({ program: () => 'EAGAIN' });
    expect(process.pid).toBeUndefined();
    expect(events).toEqual([]);
    os.run();
    expect(events).toEqual(['spawn error EAGAIN']);
  });

  test('lets timers fire in their order when nothing else happens, and never one that was cleared', () => {
    const { os } = start();
    const fired: string[] = [];
    os.setTimer(() => fired.push('late'), 60_000);
    const cleared = os.setTimer(() => fired.push('cleared'), 10);
    os.setTimer(() => fired.push('early'), 1_000);
    os.clearTimer(cleared);
    os.run();
    expect(fired).toEqual(['early', 'late']);
    expect(os.now()).toBeGreaterThanOrEqual(60_000);
  });

  test('calls a timer after it has told all that the pipes held when its time came', () => {
    for (let seed = 1; seed <= 30; seed++) {
      let said = 0;
      const program: ProgramMaker = (host) => ({
        get canAct() {
          return said < 20;
        },
        reads: true,
        act() {
          said++;
          host.write('stdout', '.');
        },
        onInput() {},
        onInputEnd() {},
      });
      const { os, output } = start({ seed, program: () => program });
      os.run(() => said === 20);
      let told = '';
      os.setTimer(() => {
        told = output.stdout;
      }, 0);
      os.run(() => os.timers === 0);
      expect(told).toHaveLength(20);
    }
  });

  test('calls at the end of a turn before anything else happens', () => {
    const { os, events } = start();
    os.setTimer(() => {
      os.atEndOfTurn(() => events.push('end of turn'));
      events.push('timer');
    }, 1);
    os.run();
    expect(events).toEqual(['timer', 'end of turn']);
  });

  test('kills, and says so of what is dead or stopped', () => {
    const { os, events, process } = start();
    const pid = process.pid as number;
    expect(os.inspect(pid)?.state).toBe('S');
    process.kill('SIGKILL');
    os.run(() => os.inspect(pid)?.state === 'Z');
    os.run();
    expect(events).toContain('exit SIGKILL');
    expect(os.inspect(pid)).toBeNull();
  });
});
