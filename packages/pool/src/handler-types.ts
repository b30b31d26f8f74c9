/** What a handler takes: its first parameter. */
export type Input<Handler> = Handler extends (input: infer I, ...rest: never[]) => unknown ? I : unknown;

/** What a caller gets of a handler: what it returns or resolves to, or an item of what it streams, as JSON gives it back. */
export type Output<Handler> =
  Wildcard<Handler> extends 'any'
    ? Handler
    : Handler extends (...parameters: never[]) => infer Result
      ? Reply<Item<Awaited<Result>>>
      : unknown;

/** A generator streams its items, and so does whatever is asynchronously iterable; an array or a Map does not. */
type Item<Result> = Result extends AsyncIterable<infer I> | Iterator<infer I, unknown, unknown> ? I : Result;

/** A whole reply: nothing is null. */
type Reply<T> = Wildcard<T> extends 'any' ? T : Json<T extends void ? null : T>;

/** A value as it comes back, bytes beside the JSON included; `never` for what the worker refuses to send. */
type Json<T> =
  Wildcard<T> extends 'any' | 'unknown'
    ? T
    : T extends string | number | boolean | null | undefined
      ? T
      : T extends Uint8Array
        ? Uint8Array
        : T extends Refused
          ? never
          : T extends readonly unknown[]
            ? { [Index in keyof T]: Json<T[Index]> }
            : { [Key in keyof T as Key extends symbol ? never : Key]: Json<T[Key]> };

/** What JSON would change, as far as its type tells. */
type Refused =
  | bigint
  | symbol
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | ArrayBufferView
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | WeakMap<WeakKey, unknown>
  | WeakSet<WeakKey>
  | Promise<unknown>
  | ((...parameters: never[]) => unknown);

/** Which of the types that fit every condition this is, if it is one. */
type Wildcard<T> = 0 extends 1 & T ? 'any' : unknown extends T ? 'unknown' : 'other';
