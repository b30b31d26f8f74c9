/** `{{`, or one of the placeholders. */
const TOKEN = /\{\{|\{(?:\.|\/|\/\/|#|%|)\}/g;
/** Those that stand for the input, or a part of it. */
const INPUT: ReadonlySet<string> = new Set(['{}', '{.}', '{/}', '{//}']);

/** What the placeholders of a task stand for. */
export interface TemplateFacts {
  readonly input: string;
  /** Counts from 1. */
  readonly sequence: number;
  readonly slot: number;
}

/** Whether the input goes into the arguments; it goes to stdin otherwise. */
export function takesInput([, ...args]: readonly string[]): boolean {
  return args.some((word) => (word.match(TOKEN) ?? []).some((token) => INPUT.has(token)));
}

/**
 * A command with the facts of a task in the places of `{}` (the input), `{.}` (without extension), `{/}` (base name), `{//}`
 * (folder), `{#}` (sequence) and `{%}` (slot); `{{` is a brace. The executable is left as it is, and so is every other brace.
 */
export function fillIn(
  [file, ...args]: readonly [string, ...string[]],
  facts: TemplateFacts,
  platform: NodeJS.Platform = process.platform,
): [string, ...string[]] {
  const separators = platform === 'win32' ? ['/', '\\'] : ['/'];
  const end = Math.max(...separators.map((separator) => facts.input.lastIndexOf(separator)));
  return [file, ...args.map((word) => word.replace(TOKEN, (token) => partOf(token, facts, end)))];
}

/** `end`: where the folder of the input ends, or -1. */
function partOf(token: string, { input, sequence, slot }: TemplateFacts, end: number): string {
  switch (token) {
    case '{}':
      return input;
    case '{.}':
      return withoutExtension(input, end);
    case '{/}':
      return input.slice(end + 1);
    case '{//}':
      return folderOf(input, end);
    case '{#}':
      return String(sequence);
    case '{%}':
      return String(slot);
    default:
      return '{';
  }
}

/** A dot at the beginning of a name hides a file, and begins no extension. */
function withoutExtension(path: string, end: number): string {
  const dot = path.lastIndexOf('.');
  return dot > end + 1 ? path.slice(0, dot) : path;
}

function folderOf(path: string, end: number): string {
  if (end < 0) return '.';
  const folder = path.slice(0, end);
  const isRoot = folder === '' || /^[a-z]:$/i.test(folder);
  return isRoot ? path.slice(0, end + 1) : folder;
}
