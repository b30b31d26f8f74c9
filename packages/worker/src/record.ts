import { inspect } from 'node:util';
import { encodeRemoteError, toRemoteError } from '@ostler/protocol';
import type { LogRecord } from './live-task.js';

/** A JSON escape like \u001f takes six bytes for one character; nothing takes more. */
const BYTES_PER_CHARACTER = 6;
/** Room for the keys and the short members of a record that had to be cut. */
const ENVELOPE = 512;

/** The body of a FAILURE: an error of any kind, even a thrown string. Of one that does not fit, the most telling parts. */
export function encodeError(error: unknown, limit: number): Uint8Array {
  return encodeRemoteError(toRemoteError(error), limit);
}

/** The body of a LOG. Fields that JSON cannot hold are told in words. */
export function encodeLog(record: LogRecord, limit: number): Uint8Array {
  const body = Buffer.from(stringifyLog(record));
  return body.length <= limit ? body : encodeCut(record, limit);
}

function stringifyLog(record: LogRecord): string {
  try {
    return record.fields === undefined ? JSON.stringify(record) : JSON.stringify(record, tellable);
  } catch {
    // A cycle, or a toJSON that throws: a log call must never be what fails a task.
    return JSON.stringify({ ...record, fields: { text: inspect(record.fields) } });
  }
}

/** What JSON would refuse (bigint) or empty (errors), in a form that says something. */
function tellable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Error ? toRemoteError(value) : value;
}

function encodeCut({ level, message, source }: LogRecord, limit: number): Uint8Array {
  const characters = Math.max(0, Math.floor((limit - ENVELOPE) / BYTES_PER_CHARACTER));
  const cut = { level: level.slice(0, 16), message: `${message.slice(0, characters)}…`, source };
  return Buffer.from(JSON.stringify(cut));
}
