// A small web service: each request costs it about a millisecond of CPU time. It prints its port.
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = Buffer.alloc(1024 * 1024, 1);

const server = createServer((_, response) => {
  response.end(hash('sha512', BODY));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
