import { echo, sha512 } from './operations.js';

/** A task or its reply; a string is base64. */
export interface IpcMessage {
  readonly id: number;
  readonly body: Uint8Array | string;
}
export type IpcReply = IpcMessage;

const operation = process.argv[2] === 'sha512' ? sha512 : echo;

process.on('message', (message) => {
  const { id, body } = message as IpcMessage;
  if (typeof body === 'string') {
    const { buffer, byteOffset, byteLength } = operation(Buffer.from(body, 'base64'));
    process.send?.({ id, body: Buffer.from(buffer, byteOffset, byteLength).toString('base64') });
  } else process.send?.({ id, body: operation(body) });
});

process.send?.('ready');
