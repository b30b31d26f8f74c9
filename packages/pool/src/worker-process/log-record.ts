import { FrameError } from '@ostler/protocol';

export type LogSource = 'stdout' | 'stderr' | 'log';

/** One line of a worker's log. */
export interface LogRecord {
  readonly source: LogSource;
  readonly level: string;
  readonly line: string;
}

/** Reads the body of a LOG frame; `fields` follow the message as JSON. Throws a FrameError for anything else. */
export function decodeLogRecord(body: Uint8Array, id: number): LogRecord {
  const record = parse(body, id);
  const { level, message, fields, source } = record;
  const text = typeof message === 'string' ? message : String(message ?? '');
  return {
    source: source === 'stdout' || source === 'stderr' ? source : 'log',
    level: typeof level === 'string' ? level : 'info',
    line: fields === undefined || fields === null ? text : `${text} ${JSON.stringify(fields)}`,
  };
}

function parse(body: Uint8Array, id: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw new FrameError(`expected a log record in JSON, got ${(cause as Error).message}`, id);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FrameError(`expected a log record, got ${JSON.stringify(value)}`, id);
}
