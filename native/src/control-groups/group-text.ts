/** The number in a file of a single number; undefined for `max`, `-1`, and what is too large to be a limit. */
export function limitIn(text: string): number | undefined {
  const number = Number(text);
  return Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** The number behind a name in a file of lines `name number`; 0 when it isn't there. */
export function numberOf(name: string, text: string): number {
  for (const line of text.split('\n')) {
    if (line.startsWith(`${name} `)) return Number(line.slice(name.length + 1));
  }
  return 0;
}

/** The pids in a file like `cgroup.procs`. 0 stands for a process that our namespace can't see, which nobody can signal. */
export function pidsIn(text: string): number[] {
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Whether a memory limit that was read back is the one that was asked for: the kernel rounds down to pages, of at most 64 KiB. */
export function isMemoryLimit(readBack: string, asked: number | undefined): boolean {
  const limit = limitIn(readBack);
  if (limit === undefined || asked === undefined) return limit === asked;
  return limit <= asked && asked - limit < 65_536;
}
