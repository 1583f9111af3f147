/** Free ports of this machine. */
import { createServer } from 'node:net';

/** Whether nobody listens on a port of 127.0.0.1, and this process may use it. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
