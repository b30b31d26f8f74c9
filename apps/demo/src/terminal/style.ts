import { stripVTControlCharacters } from 'node:util';

/** Wraps text in colours; every function gives the text back as it is where colours are not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

export function createStyle(colours: boolean): Style {
  const wrap = (open: number, close: number) => (text: string) =>
    colours ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: wrap(1, 22),
    dim: wrap(2, 22),
    red: wrap(31, 39),
    green: wrap(32, 39),
    yellow: wrap(33, 39),
    cyan: wrap(36, 39),
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const COLOUR = /(\u001b\[[0-9;]*m)/;

/** How many columns a text takes (our own texts hold no wide characters). */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Cuts a text that may hold colours to a number of columns, ending with `…` when something is missing. */
export function clip(text: string, width: number): string {
  if (visibleLength(text) <= width) return text;
  let columns = 0;
  let result = '';
  for (const part of text.split(COLOUR)) {
    if (part.startsWith('\u001b')) result += part;
    else {
      const room = Math.max(0, width - 1 - columns);
      result += part.slice(0, room) + (columns <= width - 1 && part.length > room ? '…' : '');
      columns += part.length;
    }
  }
  return result;
}
