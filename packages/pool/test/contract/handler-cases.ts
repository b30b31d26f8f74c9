/** What `call` takes and gives for handlers of every kind; `contract.test.ts` compiles this file. */
import type { ProcessPool } from '../../src/index.js';
import { inProcessPool } from '../../src/testing/index.js';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Gives<Name extends keyof Handlers & string> = Awaited<ReturnType<typeof pool.call<Name>>>;
type Takes<Name extends keyof Handlers & string> = Parameters<typeof pool.call<Name>>[1];

declare const pool: ProcessPool<Handlers>;
declare const untyped: ProcessPool;

interface Order {
  id: number;
  note?: string;
  lines: { sku: string; count: number }[];
}

// As in `import * as handlers from './worker.js'`, `typeof handlers`.
type Handlers = {
  plain: (input: { a: number; b: number }) => { sum: number };
  promised: (input: string) => Promise<Order>;
  nothing: () => void;
  nothingLater: (input: number) => Promise<undefined>;
  perhaps: (input: number) => string | undefined;
  told: (input: number, task: { progress(value: unknown): void }) => number;
  list: () => readonly [number, string];
  lists: () => string[];
  text: () => string;
  buffer: (input: Uint8Array) => Promise<Buffer>;
  nested: () => { data: Buffer; list: Uint8Array[] };
  generated: (input: number) => Generator<number, void, undefined>;
  generatedLater: () => AsyncGenerator<{ n: number }>;
  iterablePromise: () => Promise<AsyncIterable<string>>;
  readable: () => NodeJS.ReadableStream;
  anything: (input: unknown) => unknown;
  // biome-ignore lint/suspicious/noExplicitAny: users have such handlers
  untyped: (input: any) => any;
  dated: () => { at: Date; big: bigint; map: Map<string, number>; ok: 1 };
  interfaced: () => Order;
};

export const gives = [
  true satisfies Same<Gives<'plain'>, { sum: number }>,
  true satisfies Same<Gives<'promised'>['lines'][number], { sku: string; count: number }>,
  true satisfies Same<Gives<'nothing'>, null>,
  true satisfies Same<Gives<'nothingLater'>, null>,
  true satisfies Same<Gives<'perhaps'>, string | null>,
  true satisfies Same<Gives<'told'>, number>,
  true satisfies Same<Gives<'list'>, readonly [number, string]>,
  true satisfies Same<Gives<'lists'>, string[]>,
  true satisfies Same<Gives<'text'>, string>,
  true satisfies Same<Gives<'buffer'>, Uint8Array>,
  true satisfies Same<Gives<'nested'>, { data: Uint8Array; list: Uint8Array[] }>,
  true satisfies Same<Gives<'generated'>, number>,
  true satisfies Same<Gives<'generatedLater'>, { n: number }>,
  true satisfies Same<Gives<'iterablePromise'>, string>,
  true satisfies Same<Gives<'anything'>, unknown>,
  // biome-ignore lint/suspicious/noExplicitAny: and get what they gave
  true satisfies Same<Gives<'untyped'>, any>,
  true satisfies Same<Gives<'dated'>, { at: never; big: never; map: never; ok: 1 }>,
];

export const takes = [
  true satisfies Same<Takes<'plain'>, { a: number; b: number }>,
  true satisfies Same<Takes<'promised'>, string>,
  true satisfies Same<Takes<'buffer'>, Uint8Array>,
  true satisfies Same<Takes<'anything'>, unknown>,
  true satisfies Same<Takes<'generated'>, number>,
];

/** What a user writes. */
export async function written(): Promise<unknown[]> {
  const { sum } = await pool.call('plain', { a: 1, b: 2 });
  const order: Order = await pool.call('interfaced', undefined);
  for await (const text of pool.callMap('text', [1, 2])) text.toUpperCase();
  const { whatever } = await untyped.call('anything', { at: 1 });
  // @ts-expect-error no such handler
  await pool.call('plane', { a: 1, b: 2 });
  // @ts-expect-error not what it takes
  await pool.call('plain', { a: '1', b: 2 });
  // @ts-expect-error a date does not come back
  (await pool.call('dated', undefined)).at.getTime();
  return [sum, order, whatever];
}

/** And in tests. */
export async function tested(): Promise<number> {
  const fake = inProcessPool({ double: ({ n }: { n: number }) => ({ n: n * 2 }) }, { maxWorkers: 1 });
  const { n } = await fake.call('double', { n: 2 });
  // @ts-expect-error not what it takes
  await fake.call('double', { m: 2 });
  fake.crashNext({ exitCode: 1 });
  fake.hangNext();
  return n satisfies number;
}
