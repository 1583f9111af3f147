/** Finds free ports on this machine. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { release, take } from '../../lib/shared/folderLock.cjs';

/** The number of ports to try. */
const range = 50;

/** The folder in which programs reserve ports for servers that are starting, with one lock per port. */
const claims = path.join(tmpdir(), `tf-mechanics-ports-${userInfo().uid}`);

/**
 * The first free port from `first` on that isn't in `taken`. It is reserved as long as this process runs: a server
 * takes seconds to listen, and until then another `npm start` would find the port free.
 */
export async function freePort(first, taken = []) {
  const last = Math.min(first + range - 1, 65535);
  for (let port = first; port <= last; port++) {
    if (!taken.includes(port) && (await isFree(port)) && claim(port)) return port;
  }
  throw new Error(`none of the ports ${first} to ${last} is free`);
}

function claim(port) {
  const lock = path.join(claims, String(port));
  try {
    mkdirSync(claims, { recursive: true, mode: 0o700 });
    const { name } = take(lock);
    if (name !== undefined) process.once('exit', () => release(lock, name));
    return name !== undefined;
  } catch {
    return true; // the folder isn't writable: of two programs, the second will report that the port is in use
  }
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false; // in use, or not permitted
  } finally {
    server.close();
  }
}
