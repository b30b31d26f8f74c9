import type { Examination, Finding } from './examination.js';

const GIB = 1024 ** 3;
const GAP = 2;

/** The examination as a table for people. */
export function formatExamination(found: Examination): string {
  const { cpus, memory, openFiles, addon, controlGroups } = found;
  const machine: [string, string][] = [
    ['CPUs', `${cpus.online} online, ${cpus.usable} for this process`],
    ['memory', `${gib(memory.total)}${memory.limit === null ? '' : `, ${gib(memory.limit)} for this process`}`],
    ['open files', openFiles === null ? 'not told' : `${openFiles} per process`],
    ['addon', addon.available ? (addon.path ?? 'there') : `absent: ${addon.reason}`],
    ['control groups', controlGroups.available ? groupsOf(controlGroups) : `none: ${controlGroups.reason}`],
  ];
  const controls = Object.entries(found.controls).map(
    ([name, finding]) => [name, verdict(finding)] as [string, string],
  );
  const title = `Ostler on ${found.platform} ${found.arch} (${found.release}), Node ${found.node}`;
  return `${[title, '', ...table(machine), '', ...table(controls)].join('\n')}\n`;
}

function groupsOf({ version }: { readonly version?: 1 | 2 | 'jobs' }): string {
  return version === 'jobs' ? 'job objects' : `version ${version}`;
}

function verdict(finding: Finding): string {
  return finding.available ? 'works' : `missing: ${finding.reason}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + GAP;
  return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`);
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
