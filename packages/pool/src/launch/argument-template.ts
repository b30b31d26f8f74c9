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
export function fillIn([file, ...args]: readonly [string, ...string[]], facts: TemplateFacts): [string, ...string[]] {
  return [file, ...args.map((word) => word.replace(TOKEN, (token) => partOf(token, facts)))];
}

function partOf(token: string, { input, sequence, slot }: TemplateFacts): string {
  switch (token) {
    case '{}':
      return input;
    case '{.}':
      return withoutExtension(input);
    case '{/}':
      return input.slice(input.lastIndexOf('/') + 1);
    case '{//}':
      return folderOf(input);
    case '{#}':
      return String(sequence);
    case '{%}':
      return String(slot);
    default:
      return '{';
  }
}

/** A dot at the beginning of a name hides a file, and begins no extension. */
function withoutExtension(path: string): string {
  const name = path.lastIndexOf('/') + 1;
  const dot = path.lastIndexOf('.');
  return dot > name ? path.slice(0, dot) : path;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}
