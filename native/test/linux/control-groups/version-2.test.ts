import { expect, it } from 'vitest';
import { Version2 } from '../../../src/control-groups/version-2.js';
import { FakeSystem } from './fake-system.js';

it.each([
  { counted: 2, killed: 1 },
  { counted: 1, killed: 1 },
  { counted: 4, killed: 3 },
])('a whole group that was killed and counted as $counted is $killed: the first may be counted twice', (row) => {
  const system = new FakeSystem();
  system.files.set('/g/memory.events.local', `oom 3\noom_kill ${row.counted}\noom_group_kill 1\n`);
  expect(new Version2(system).outOfMemory({ memory: '/g' })).toEqual({ killed: row.killed, atLimit: true });
});

it('a kernel that doesn’t count whole groups is believed', () => {
  const system = new FakeSystem();
  system.files.set('/g/memory.events.local', 'oom 0\noom_kill 2\n');
  expect(new Version2(system).outOfMemory({ memory: '/g' })).toEqual({ killed: 2, atLimit: false });
});
