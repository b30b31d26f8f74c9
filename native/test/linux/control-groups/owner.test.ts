import { describe, expect, it } from 'vitest';
import { isGone, ownerOf, prefixOf, thisOwner } from '../../../src/control-groups/owner.js';
import { FakeSystem } from './fake-system.js';

const NAMESPACE = new FakeSystem().pidNamespace();

describe('the owner of a group', () => {
  it('is read from the name that its prefix begins', () => {
    const owner = thisOwner(new FakeSystem());
    expect(owner).toEqual({ namespace: NAMESPACE, pid: 500, startTime: '5000' });
    expect(ownerOf(`${prefixOf(owner)}pool-1`)).toEqual(owner);
  });

  it.each([
    'ostler-self',
    'ostler-1-2-x-pool-1',
    'user-4026531836-500-5000-pool-1',
    'system.slice',
    'my-ostler-1-2-3-x',
  ])('is unknown for a name that is none of ours: %s', (name) => expect(ownerOf(name)).toBeUndefined());

  it('lives while its pid has its start time', () => {
    const system = new FakeSystem();
    expect(isGone(system, thisOwner(system))).toBe(false);
  });

  it('is gone when nobody has its pid, when another process has it, and when it waits to be reaped', () => {
    const system = new FakeSystem();
    system.addProcess({ pid: 8, parent: 1, startTime: 77 });
    system.addProcess({ pid: 9, parent: 1, startTime: 66, state: 'Z' });
    expect(isGone(system, { namespace: NAMESPACE, pid: 7, startTime: '70' })).toBe(true);
    expect(isGone(system, { namespace: NAMESPACE, pid: 8, startTime: '70' })).toBe(true);
    expect(isGone(system, { namespace: NAMESPACE, pid: 9, startTime: '66' })).toBe(true);
  });

  it('lives when it is in another namespace, or can’t be seen', () => {
    const system = new FakeSystem();
    system.addProcess({ pid: 8, parent: 1 });
    system.hide(8, 'EPERM');
    expect(isGone(system, { namespace: '1', pid: 7, startTime: '70' })).toBe(false);
    expect(isGone(system, { namespace: NAMESPACE, pid: 8, startTime: '1' })).toBe(false);
    system.addProcess({ pid: 10, parent: 1 });
    system.refusals.push({ call: 'read', path: /\/proc\/10\/stat/, errno: 'ENOENT' });
    expect(isGone(system, { namespace: NAMESPACE, pid: 10, startTime: '1' })).toBe(false);
  });
});
