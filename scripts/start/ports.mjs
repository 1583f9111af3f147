/** Free ports of this machine. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** How many ports are tried. */
const range = 50;

/** The first free port from `first` on that isn't among `taken`. */
export async function freePort(first, taken = []) {
  const last = Math.min(first + range - 1, 65535);
  for (let port = first; port <= last; port++) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`none of the ports ${first} to ${last} is free`);
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false; // in use, or not ours to use
  } finally {
    server.close();
  }
}
