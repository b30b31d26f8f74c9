/** What a handler takes: its first parameter. */
export type Input<Handler> = Handler extends (input: infer I, ...rest: never[]) => unknown ? I : unknown;

/** What a handler gives back: what its promise resolves to, or an item of what it generates. */
export type Output<Handler> = Handler extends (...args: never[]) => infer R
  ? R extends AsyncIterable<infer Item> | Iterable<infer Item>
    ? R extends string | Uint8Array | readonly unknown[]
      ? R
      : Item
    : Awaited<R>
  : unknown;
