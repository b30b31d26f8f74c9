import { expect, test } from 'vitest';
import type { Examination } from '../src/doctor/examination.js';
import { formatExamination } from '../src/doctor/format-examination.js';

const GIB = 1024 ** 3;
const FOUND: Examination = {
  platform: 'linux',
  arch: 'x64',
  release: '6.1.0',
  node: '20.19.0',
  cpus: { online: 8, usable: 2 },
  memory: { total: 32 * GIB, limit: 4 * GIB },
  openFiles: 1024,
  addon: { available: true, path: '/a/ostler_native.node' },
  controlGroups: { available: false, reason: 'nothing is mounted' },
  controls: {
    'priority high': { available: false, reason: 'setpriority: EACCES' },
    cpus: { available: true },
  },
};

test('an examination is a table of what works, with the reasons of the rest', () => {
  expect(formatExamination(FOUND)).toBe(`Ostler on linux x64 (6.1.0), Node 20.19.0

  CPUs            8 online, 2 for this process
  memory          32.0 GiB, 4.0 GiB for this process
  open files      1024 per process
  addon           /a/ostler_native.node
  control groups  none: nothing is mounted

  priority high  missing: setpriority: EACCES
  cpus           works
`);
});

test('what the system does not tell, and what is absent, is said', () => {
  const absent = { available: false, reason: 'no binary' } as const;
  const text = formatExamination({ ...FOUND, openFiles: null, addon: absent, memory: { total: GIB, limit: null } });
  expect(text).toContain('  open files      not told\n');
  expect(text).toContain('  addon           absent: no binary\n');
  expect(text).toContain('  memory          1.0 GiB\n');
});
