/** Flags that are about the parent alone: they open its debugger, make it test or watch, or give it code to evaluate. */
const NOT_FOR_WORKERS =
  /^(--inspect|--debug-port|--test|--watch|--eval|--print|--interactive|--input-type|--check|-e|-p|-pe|-i|-c)(?![a-z])/;

/** Those of them that stand alone: a word that follows is not theirs. Of all others, it is. */
const WITHOUT_VALUE = new Set([
  '--inspect',
  '--inspect-brk',
  '--inspect-wait',
  '--inspect-brk-node',
  '--test',
  '--test-only',
  '--test-force-exit',
  '--test-update-snapshots',
  '--watch',
  '--watch-preserve-output',
  '--interactive',
  '--check',
  '-i',
  '-c',
]);

/** The parent's flags that its workers get, too. */
export function flagsForWorkers(execArgv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i++) {
    const flag = execArgv[i] as string;
    if (!NOT_FOR_WORKERS.test(flag)) {
      kept.push(flag);
      continue;
    }
    const takesNext = !flag.includes('=') && !WITHOUT_VALUE.has(flag);
    if (takesNext && execArgv[i + 1]?.startsWith('-') === false) i++;
  }
  return kept;
}

/** NODE_OPTIONS without the flags that open a debugger: each worker would want the parent's port. */
export function withoutInspector(nodeOptions: string): string {
  const words = nodeOptions.match(/(?:[^\s"]|"(?:\\.|[^"\\])*")+/g) ?? [];
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (!/^--(inspect|debug-port)(?![a-z])/.test(word)) kept.push(word);
    else if (/^--(inspect-port|inspect-publish-uid|debug-port)$/.test(word)) i++;
  }
  return kept.length === words.length ? nodeOptions : kept.join(' ');
}
