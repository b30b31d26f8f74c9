import { posix, win32 } from 'node:path';

/** Programs that run a file: its name says more than theirs. */
const RUNTIMES =
  /^(node|bun|deno|tsx|ts-node|python[\d.]*w?|pypy[\d.]*|py|ruby|perl|php[\d.]*|javaw?|dotnet|mono|Rscript|julia|lua[\d.]*|luajit|(ba|da|z)?sh|pwsh|powershell|wine(64)?)$/i;

/** The base name of the file that a command runs, without extension: of `python3 main.py data.csv`, 'main'. */
export function poolName(command: readonly string[]): string {
  const [file = '', ...args] = command;
  const program = baseName(file);
  const script = RUNTIMES.test(program) ? args.find(isPath) : undefined;
  return baseName(script ?? file);
}

function isPath(argument: string): boolean {
  return !argument.startsWith('-') && /[\\/]|\.[a-z]\w{0,5}$/i.test(argument);
}

function baseName(path: string): string {
  const { name } = (path.includes('\\') ? win32 : posix).parse(path);
  return name === '' ? path : name;
}
