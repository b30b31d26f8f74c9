/** The version of the protocol that this package speaks. */
export const PROTOCOL_VERSION = 1;

/** What a frame says; docs/protocol.md has who sends which, and when. A receiver skips types that it does not know. */
export const FrameType = {
  hello: 1,
  welcome: 2,
  ready: 3,
  task: 16,
  result: 17,
  failure: 18,
  chunk: 19,
  end: 20,
  body: 21,
  credit: 22,
  progress: 23,
  log: 24,
  cancel: 25,
  ping: 32,
  pong: 33,
  ask: 34,
  answer: 35,
  inspect: 36,
  stack: 37,
  lastWords: 38,
} as const;

/** Bits of a frame's flags. */
export const Flag = { more: 1, stream: 2, cancelled: 4, notStarted: 8 } as const;

/** How a body is to be read. */
export const Encoding = { bytes: 0, json: 1, attachments: 2 } as const;
