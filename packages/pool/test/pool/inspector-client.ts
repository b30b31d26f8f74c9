import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import type { Socket } from 'node:net';

const FINAL_TEXT = 0x81;
const MASKED = 0x80;

type Message = { id?: number; method?: string; result?: unknown };

/** Speaks with the inspector of a Node process, as an editor does: JSON over a WebSocket (RFC 6455), in frames below 64 KiB. */
export class InspectorClient implements Disposable {
  readonly #socket: Socket;
  readonly #waiting = new Set<{ isIt: (message: Message) => boolean; resolve: (message: Message) => void }>();
  #received = Buffer.alloc(0);
  #lastId = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
  }

  static async connect(url: string): Promise<InspectorClient> {
    const key = randomBytes(16).toString('base64');
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': key,
    };
    const request = get(url.replace('ws:', 'http:'), { headers: upgrade });
    const [, socket] = (await once(request, 'upgrade')) as [unknown, Socket];
    return new InspectorClient(socket);
  }

  async call(method: string): Promise<void> {
    const id = ++this.#lastId;
    const reply = this.#next((message) => message.id === id);
    this.#send(JSON.stringify({ id, method }));
    await reply;
  }

  async event(method: string): Promise<void> {
    await this.#next((message) => message.method === method);
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #next(isIt: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve) => this.#waiting.add({ isIt, resolve }));
  }

  #send(text: string): void {
    const body = Buffer.from(text);
    const mask = randomBytes(4);
    for (let i = 0; i < body.length; i++) body[i] = (body[i] as number) ^ (mask[i % 4] as number);
    this.#socket.write(Buffer.concat([Buffer.of(FINAL_TEXT, MASKED | body.length), mask, body]));
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const isLong = this.#received[1] === 126;
      const start = isLong ? 4 : 2;
      if (this.#received.length < start) return;
      const length = isLong ? this.#received.readUInt16BE(2) : (this.#received[1] as number);
      if (this.#received.length < start + length) return;
      this.#tell(JSON.parse(this.#received.toString('utf8', start, start + length)));
      this.#received = this.#received.subarray(start + length);
    }
  }

  #tell(message: Message): void {
    for (const each of this.#waiting) {
      if (!each.isIt(message)) continue;
      this.#waiting.delete(each);
      each.resolve(message);
    }
  }
}
