import { FrameError } from './frame-error.js';
import { Encoding } from './frame-types.js';
import { parsePointer } from './json-pointer.js';
import { decodeJson, decodeText, quote } from './text.js';

/** The value of a JSON body, attachments as Uint8Array in memory of their own; FrameError when malformed. */
export function decodeValue(encoding: number, body: Uint8Array): unknown {
  if (encoding === Encoding.json) return decodeJson(body, 'a JSON body');
  if (encoding === Encoding.attachments) return decodeWithAttachments(body);
  throw new FrameError(`a body has encoding ${encoding}, expected ${Encoding.json} or ${Encoding.attachments} (JSON)`);
}

/** Body of encoding 2. Nothing is allocated by what its table claims before the claims have been added up. */
function decodeWithAttachments(body: Uint8Array): unknown {
  const table = readTable(body);
  const jsonEnd = table.start + table.jsonLength;
  const holder = { '': decodeJson(body.subarray(table.start, jsonEnd), 'the JSON of a body with attachments') };
  let pathAt = jsonEnd;
  let contentAt = jsonEnd + table.pathBytes;
  for (let index = 0; index < table.count; index += 1) {
    const pathEnd = pathAt + table.pathLength(index);
    const contentEnd = contentAt + table.contentLength(index);
    const pointer = decodeText(body.subarray(pathAt, pathEnd), 'the path of an attachment');
    attach(holder, pointer, Uint8Array.from(body.subarray(contentAt, contentEnd)));
    pathAt = pathEnd;
    contentAt = contentEnd;
  }
  return holder[''];
}

interface Table {
  count: number;
  jsonLength: number;
  /** Where the JSON begins. */
  start: number;
  pathBytes: number;
  pathLength(index: number): number;
  contentLength(index: number): number;
}

function readTable(body: Uint8Array): Table {
  if (body.length < 8) throw new FrameError(`a body with attachments has ${body.length} bytes, expected 8 or more`);
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const jsonLength = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  const start = 8 + 8 * count;
  if (start > body.length) {
    throw new FrameError(`a body of ${body.length} bytes has no room for a table of ${count} attachments`);
  }
  const pathLength = (index: number): number => view.getUint32(8 + 8 * index, true);
  const contentLength = (index: number): number => view.getUint32(12 + 8 * index, true);
  let pathBytes = 0;
  let contentBytes = 0;
  for (let index = 0; index < count; index += 1) {
    pathBytes += pathLength(index);
    contentBytes += contentLength(index);
  }
  const sum = start + jsonLength + pathBytes + contentBytes;
  if (sum !== body.length) {
    throw new FrameError(`the parts of a body with attachments are ${sum} bytes, the body has ${body.length}`);
  }
  return { count, jsonLength, start, pathBytes, pathLength, contentLength };
}

type Container = Record<string, unknown>;

/** Puts `content` in the place of the null at `pointer`; `holder['']` is the whole value. */
function attach(holder: Container, pointer: string, content: Uint8Array): void {
  const tokens = parsePointer(pointer);
  if (tokens === undefined) throw new FrameError(`the path of an attachment, ${quote(pointer)}, is no JSON Pointer`);
  let container = holder;
  let key = '';
  for (const token of tokens) {
    container = member(container, key, pointer) as Container;
    key = token;
  }
  if (member(container, key, pointer) !== null) {
    throw new FrameError(`there is a value where the attachment ${quote(pointer)} belongs, expected null`);
  }
  container[key] = content;
}

/** Own members of what came from JSON only: a path can reach neither prototypes nor into other attachments. */
function member(container: unknown, key: string, pointer: string): unknown {
  const isContainer = typeof container === 'object' && container !== null && !ArrayBuffer.isView(container);
  if (!isContainer || !Object.hasOwn(container, key)) {
    throw new FrameError(`there is no place for the attachment ${quote(pointer)}`);
  }
  return (container as Container)[key];
}
