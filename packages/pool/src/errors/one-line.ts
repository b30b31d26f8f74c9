/** Longest piece of somebody else's text that a message quotes, in characters. */
const MAX_QUOTED = 200;

/** Lines at the end of a dying program's stderr that do not say what it died of. */
const TELLS_NOTHING = [
  /^Node\.js v\d/,
  /^\(Use `node /,
  /^\s*at\s/, // stack frames of JavaScript, .NET and Java
  /^[\s^~|{}[\]]*$/,
  /^note: run with `RUST_BACKTRACE/,
  /^\s*\d+: (0x|[\dA-F]{16} )|^----- Native stack trace|^<--- /, // V8's reports of fatal errors; on Windows, without 0x
];

/** Text as one line: line breaks and other control characters become spaces, what is too long is cut. */
export function oneLine(text: string, maxLength = MAX_QUOTED): string {
  // Cut before and after: somebody else's text may be very long.
  const line = text
    .slice(0, 4 * maxLength)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  return line.length <= maxLength && text.length <= 4 * maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

/** The first line with anything on it, or ''. */
export function firstLine(text: string): string {
  return oneLine(/\S.*/.exec(text)?.[0] ?? '');
}

/** The last line that says something, or ''. Where Node shows the members of an error, the line that names the error. */
export function lastLine(text: string): string {
  const lines = text.split(/\r?\n|\r/).filter((line) => line.trim() !== '');
  const last = lines.findLast((line) => !TELLS_NOTHING.some((pattern) => pattern.test(line))) ?? lines.at(-1) ?? '';
  const isNodesReport = /^Node\.js v\d/.test(lines.at(-1) ?? '');
  const named = isNodesReport
    ? lines.findLast((line) => /^(Uncaught )?[\w$.]*(Error|Exception)\b/.test(line))
    : undefined;
  return oneLine(named ?? last);
}
