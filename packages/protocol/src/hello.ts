import { FrameError } from './frame-error.js';
import { decodeJson, encodeText, quote } from './text.js';

/** A worker's first words. */
export interface Hello {
  protocol: { min: number; max: number };
  sdk: { name: string; version: string };
  runtime: { name: string; version: string };
  pid: number;
  /** "cancel", "stream", "progress", "log", "ledger", "recall", "concurrency"; others are of later versions. */
  capabilities: string[];
  handlers?: { name: string }[];
}

/** The body of a HELLO. */
export function encodeHello(hello: Hello): Uint8Array {
  return encodeText(JSON.stringify(hello));
}

/** Members that it does not know are left out; FrameError names what is wrong, what was expected and what came. */
export function decodeHello(body: Uint8Array): Hello {
  const hello = object(decodeJson(body, 'HELLO'), 'the body');
  const protocol = object(hello.protocol, 'protocol');
  const min = positive(protocol.min, 'protocol.min');
  const max = positive(protocol.max, 'protocol.max');
  if (min > max) throw wrong('protocol', 'min <= max', protocol);
  return {
    protocol: { min, max },
    sdk: nameAndVersion(hello.sdk, 'sdk'),
    runtime: nameAndVersion(hello.runtime, 'runtime'),
    pid: positive(hello.pid, 'pid'),
    capabilities: list(hello.capabilities, 'capabilities').map((item, index) => text(item, `capabilities[${index}]`)),
    ...(hello.handlers !== undefined && { handlers: list(hello.handlers, 'handlers').map(handler) }),
  };
}

function handler(value: unknown, index: number): { name: string } {
  const where = `handlers[${index}]`;
  return { name: text(object(value, where).name, `${where}.name`) };
}

function nameAndVersion(value: unknown, where: string): { name: string; version: string } {
  const { name, version } = object(value, where);
  return { name: text(name, `${where}.name`), version: text(version, `${where}.version`) };
}

function object(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'an object', value);
  return value as Record<string, unknown>;
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(where, 'an array', value);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw wrong(where, 'a string', value);
  return value;
}

function positive(value: unknown, where: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw wrong(where, 'a positive integer', value);
  return value as number;
}

function wrong(where: string, expected: string, value: unknown): FrameError {
  return new FrameError(`HELLO: ${where}: expected ${expected}, got ${value === undefined ? 'nothing' : quote(value)}`);
}
