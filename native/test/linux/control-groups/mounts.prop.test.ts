import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderOfGroup, type GroupMount, parseMounts, parseOwnGroups } from '../../../src/control-groups/mounts.js';

/** A path as an administrator might name it, also with what mountinfo writes in octal. */
const path = fc
  .array(fc.stringMatching(/^[a-z0-9 \t\n\\@:.é-]{1,8}$/), { minLength: 1, maxLength: 4 })
  .map((names) => `/${names.join('/')}`)
  .filter((text) => !text.split('/').some((name) => name === '.' || name === '..'));

const mount: fc.Arbitrary<GroupMount> = fc.record({
  version: fc.constantFrom(1, 2),
  root: fc.oneof(fc.constant('/'), path),
  folder: path,
  readOnly: fc.boolean(),
  controllers: fc.uniqueArray(fc.constantFrom('cpu', 'cpuacct', 'memory', 'pids', 'name=systemd'), { minLength: 1 }),
});

describe('the mounts of control groups', () => {
  it('are read from mountinfo, whatever their paths hold and however many optional fields there are', () => {
    const optional = fc.array(fc.constantFrom('shared:9', 'master:1', 'unbindable'));
    fc.assert(
      fc.property(fc.array(fc.tuple(mount, optional)), (entries) => {
        const expected = entries.map(([entry]) => (entry.version === 1 ? entry : { ...entry, controllers: [] }));
        const text = entries.map(([entry, fields]) => lineOf(entry, fields)).join('\n');
        expect(parseMounts(`${text}\n15 1 8:1 / /home rw - ext4 /dev/sda1 rw\n`)).toEqual(expected);
      }),
    );
  });

  it('show a group where its path goes on below what is mounted', () => {
    fc.assert(
      fc.property(mount, path, (entry, rest) => {
        const root = entry.root === '/' ? '' : entry.root;
        expect(folderOfGroup(entry, `${root}${rest}`)).toBe(`${entry.folder}${rest}`);
        expect(folderOfGroup(entry, entry.root)).toBe(entry.folder);
      }),
    );
  });

  it('do not show a group that is beside what is mounted or outside of our namespace', () => {
    const docker: GroupMount = { version: 2, root: '/docker/1', folder: '/c', readOnly: false, controllers: [] };
    expect(folderOfGroup(docker, '/docker/12')).toBeUndefined();
    expect(folderOfGroup(docker, '/')).toBeUndefined();
    expect(folderOfGroup({ ...docker, root: '/' }, '/../other')).toBeUndefined();
  });
});

describe('the groups of a process', () => {
  it('are read for each controller, whatever the path holds', () => {
    const controllers = ['cpu', 'cpuacct', 'memory', 'pids'];
    const groupPath = path.filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(fc.array(groupPath, { minLength: 4, maxLength: 4 }), fc.boolean(), (paths, together) => {
        const line = (names: string, index: number) => `${index + 1}:${names}:${paths[index]}`;
        const lines = together ? [line(controllers.join(','), 0)] : controllers.map(line);
        const groups = parseOwnGroups(`${lines.join('\n')}\n9:name=systemd:/x\n0::/unified\n`);
        expect(controllers.map((name) => groups.get(name))).toEqual(together ? Array(4).fill(paths[0]) : paths);
        expect(groups.get('')).toBe('/unified');
      }),
    );
  });
});

function lineOf(entry: GroupMount, optional: string[]): string {
  const flags = entry.readOnly ? 'ro,nosuid' : 'rw,nosuid';
  const type = entry.version === 1 ? 'cgroup' : 'cgroup2';
  const options = entry.version === 1 ? `rw,${entry.controllers.join(',')}` : 'rw,nsdelegate';
  return ['31 23 0:28', octal(entry.root), octal(entry.folder), flags, ...optional, '-', type, type, options].join(' ');
}

function octal(text: string): string {
  return text.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
