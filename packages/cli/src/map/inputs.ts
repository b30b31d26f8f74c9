import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from '../usage-error.js';
import type { MapItem } from './map-item.js';

const NEWLINE = 0x0a;
const NUL = 0x00;

/** Where the items come from: words of the command line, or a stream that is cut into lines, or at NUL bytes. */
export type Source =
  | { readonly words: readonly string[] }
  | { readonly bytes: AsyncIterable<Uint8Array>; readonly nul: boolean };

/** The stream of `--input F`; stdin without it. A UsageError where the file can't be opened. */
export async function openInput(file: string | undefined): Promise<AsyncIterable<Uint8Array>> {
  if (file === undefined) return process.stdin;
  const stream = createReadStream(file);
  try {
    await new Promise<void>((resolve, reject) => stream.once('ready', resolve).once('error', reject));
  } catch (error) {
    throw new UsageError(`--input: ${(error as Error).message}`);
  }
  return stream;
}

/** How many items `--input F` has, where F can be read twice; undefined where nobody knows, as for stdin. */
export async function countItems({
  input,
  nul,
}: {
  input: string | undefined;
  nul: boolean;
}): Promise<number | undefined> {
  if (input === undefined || !(await stat(input)).isFile()) return undefined;
  let count = 0;
  for await (const _ of cut(createReadStream(input), nul ? NUL : NEWLINE)) count++;
  return count;
}

/** The items, one by one, as fast as they are taken. */
export async function* readItems(source: Source): AsyncGenerator<MapItem> {
  let sequence = 0;
  if ('words' in source) {
    for (const word of source.words) yield { sequence: ++sequence, input: Buffer.from(word) };
    return;
  }
  for await (const input of cut(source.bytes, source.nul ? NUL : NEWLINE)) yield { sequence: ++sequence, input };
}

/** The pieces between separators; one that stands at the end makes no empty piece. */
async function* cut(stream: AsyncIterable<Uint8Array>, separator: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(separator); end >= 0; end = chunk.indexOf(separator, start)) {
      const piece = chunk.subarray(start, end);
      yield held.length === 0 ? piece : Buffer.concat([...held, piece]);
      held = [];
      start = end + 1;
    }
    if (start < chunk.byteLength) held.push(chunk.subarray(start));
  }
  if (held.length > 0) yield Buffer.concat(held);
}
