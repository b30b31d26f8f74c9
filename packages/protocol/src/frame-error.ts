/** A rule of the protocol that the other side broke; `id` is the frame's, 0 where it has none. */
export class FrameError extends Error {
  readonly id: number;

  constructor(message: string, id = 0) {
    super(message);
    this.name = 'FrameError';
    this.id = id;
  }
}
