import { basename } from 'node:path';

/** Flags of Node that take the next word where they have no `=`; of no other one, a word that follows is its. */
const WITH_VALUE = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions']);
const INSPECTOR = /^--(inspect|debug-port)(?![a-z])/;

/** Whether a command runs Node itself, so that it takes Node's flags. */
export function isNode(file: string, execPath: string): boolean {
  return file === execPath || /^node(js)?(\.exe)?$/i.test(basename(file.replaceAll('\\', '/')));
}

/** A command of Node, with its inspector on a port that the system chooses: each worker has its own. Other inspector flags go. */
export function withInspector(
  [file, ...args]: readonly [file: string, ...args: string[]],
  mode: true | 'brk',
): [file: string, ...args: string[]] {
  const script = scriptIndex(args);
  const flags = args.slice(0, script).filter((flag) => !INSPECTOR.test(flag));
  return [file, mode === 'brk' ? '--inspect-brk=0' : '--inspect=0', ...flags, ...args.slice(script)];
}

/** Where the flags of Node end. */
function scriptIndex(args: readonly string[]): number {
  let index = 0;
  while (index < args.length && args[index]?.startsWith('-')) index += WITH_VALUE.has(args[index] as string) ? 2 : 1;
  return index;
}
