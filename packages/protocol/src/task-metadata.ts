import { FieldReader, FieldWriter } from './fields.js';
import { EMPTY, MAX_METADATA } from './frame.js';
import { FrameError } from './frame-error.js';
import { parseJson, quote } from './text.js';

/** What a TASK says beside its input. */
export interface TaskMetadata {
  handler: string;
  /** Milliseconds from now; Infinity = no limit. */
  remainingMs: number;
  /** 1 for the first. */
  attempt: number;
  tenant: string;
  idempotencyKey: string | null;
  traceparent: string | null;
  tracestate: string | null;
  metadata: Readonly<Record<string, string>>;
}

const MAX_U32 = 0xffff_ffff;
/** Leaves room for the total that a split body adds. */
const MAX_TASK_METADATA = MAX_METADATA - 8;
const NO_FIELDS = new FieldReader(EMPTY);

/** `undefined` when all is default, so that the common task has no metadata; RangeError for what does not fit. */
export function encodeTaskMetadata(task: Partial<TaskMetadata>): Uint8Array | undefined {
  const { handler = 'default', remainingMs = Infinity, attempt = 1, tenant = '', metadata } = task;
  // First, because it may run the caller's code, which may encode metadata as well.
  const userMetadata = metadata === undefined ? '{}' : formatStrings(metadata);
  const fields = new FieldWriter();
  if (handler !== 'default') fields.text('handler', handler);
  // Rounded up: what has a little time left is not out of time.
  if (remainingMs !== Infinity) fields.number('remainingMs', Math.min(MAX_U32, Math.max(0, Math.ceil(remainingMs))));
  if (attempt !== 1) fields.number('attempt', attempt);
  if (tenant !== '') fields.text('tenant', tenant);
  if (task.idempotencyKey != null) fields.text('idempotencyKey', task.idempotencyKey);
  if (task.traceparent != null) fields.text('traceparent', task.traceparent);
  if (task.tracestate != null) fields.text('tracestate', task.tracestate);
  if (userMetadata !== '{}') fields.text('userMetadata', userMetadata);
  if (fields.length > MAX_TASK_METADATA) {
    throw new RangeError(`metadata of a task has at most ${MAX_TASK_METADATA} bytes, not ${fields.length}`);
  }
  return fields.length === 0 ? undefined : fields.bytes();
}

/** FrameError when malformed. */
export function decodeTaskMetadata(bytes: Uint8Array): TaskMetadata {
  const fields = bytes.length === 0 ? NO_FIELDS : new FieldReader(bytes);
  const userMetadata = fields.text('userMetadata', null);
  return {
    handler: fields.text('handler', 'default'),
    remainingMs: fields.number('remainingMs', Infinity),
    attempt: fields.number('attempt', 1),
    tenant: fields.text('tenant', ''),
    idempotencyKey: fields.text('idempotencyKey', null),
    traceparent: fields.text('traceparent', null),
    tracestate: fields.text('tracestate', null),
    metadata: userMetadata === null ? {} : parseStrings(userMetadata),
  };
}

function formatStrings(metadata: Readonly<Record<string, string>>): string {
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== 'string')
      throw new TypeError(`metadata: ${quote(name)}: expected a string, got ${typeof value}`);
  }
  return JSON.stringify(metadata);
}

function parseStrings(text: string): Record<string, string> {
  const value = parseJson(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || !Object.values(value).every((item) => typeof item === 'string')) {
    throw new FrameError(`metadata: field 8 (userMetadata): expected a JSON object of strings, got ${quote(text)}`);
  }
  return value as Record<string, string>;
}
