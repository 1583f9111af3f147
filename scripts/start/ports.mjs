/** Free ports of this machine. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { release, take } from '../../lib/shared/folderLock.cjs';

/** How many ports are tried. */
const range = 50;

/** Where programs claim the ports that their servers will listen at in a moment, a lock a port. */
const claims = path.join(tmpdir(), `tf-mechanics-ports-${userInfo().uid}`);

/**
 * The first free port from `first` on that isn't among `taken`. It is this process's as long as that runs: a server takes seconds to
 * listen, and another `npm start` would find the port free until then.
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
    return true; // nothing can be written there: whoever comes second will say that the port is in use
  }
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
