// PORT=8080 node server.js        curl --data-binary @FILE localhost:8080
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ProcessPool } from '@ostler/pool';

const pool = new ProcessPool({ worker: new URL('./worker.js', import.meta.url), taskTimeout: 10_000 });

const server = createServer(async (request, response) => {
  try {
    const digest = await pool.run(await buffer(request), { handler: 'sha512' });
    answer(response, 200, digest);
  } catch (error) {
    answer(response, error.code === 'ERR_QUEUE_FULL' ? 503 : 500, error.message);
  }
});

function answer(response, status, body) {
  // A connection that stays open for another request would hold up a server that has been closed meanwhile.
  response.shouldKeepAlive = server.listening;
  response.writeHead(status).end(body);
}

await pool.ready();
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});

process.once('SIGTERM', () => {
  // No new connections; once the requests under way are answered, the workers leave, and Node has nothing left to do.
  server.close(() => pool.close());
});
