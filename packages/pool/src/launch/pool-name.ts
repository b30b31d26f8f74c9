import { posix, win32 } from 'node:path';

/** Programs that run a file: its name says more than theirs. */
const RUNTIMES =
  /^(node|bun|deno|tsx|ts-node|python[\d.]*w?|pypy[\d.]*|py|ruby|perl|php[\d.]*|javaw?|dotnet|mono|Rscript|julia|lua[\d.]*|luajit|(ba|da|z)?sh|pwsh|powershell|wine(64)?)$/i;

/** What `python -m ostler_worker` is told to serve: the last part of the module's name says what it is. */
const TARGET = /^(?:\w+=)?(?:[a-z_]\w*\.)*([a-z_]\w*):[a-z_][\w.]*$/i;

/** The base name of the file that a command runs, without extension: of `python3 main.py data.csv`, 'main'. */
export function poolName(command: readonly string[]): string {
  const [file = '', ...args] = command;
  const program = baseName(file);
  if (!RUNTIMES.test(program)) return baseName(file);
  const module = args.includes('-m') ? args.map((argument) => TARGET.exec(argument)?.[1]).find(Boolean) : undefined;
  return module ?? baseName(args.find(isPath) ?? file);
}

function isPath(argument: string): boolean {
  return !argument.startsWith('-') && /[\\/]|\.[a-z]\w{0,5}$/i.test(argument);
}

function baseName(path: string): string {
  const { name } = (path.includes('\\') ? win32 : posix).parse(path);
  return name === '' ? path : name;
}
