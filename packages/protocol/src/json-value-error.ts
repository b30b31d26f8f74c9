/** A value that JSON would change or cannot hold; `path` is its JSON Pointer, '' the value as a whole. */
export class JsonValueError extends TypeError {
  readonly path: string;

  constructor(problem: string, path: string) {
    super(`${problem} at ${path === '' ? 'the top of the value' : path}: JSON cannot carry it unchanged`);
    this.name = 'JsonValueError';
    this.path = path;
  }
}
