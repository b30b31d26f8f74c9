/** The command line is wrong; its message says what was expected and what came. */
export class UsageError extends Error {
  static {
    UsageError.prototype.name = 'UsageError';
  }
}
