import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from './ports.mjs';

let server;
let port;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = server.address().port;
});
afterEach(() => server.close());

it('passes over a port that is in use', async () => {
  const found = await freePort(port);
  expect(found).toBeGreaterThan(port);
  expect(found).toBeLessThan(port + 50);
});

it('passes over a port that is meant for another', async () => {
  const found = await freePort(port);
  expect(await freePort(found, [found])).toBeGreaterThan(found);
});

it('is given to one only of many that begin at once, before any of their servers listens', async () => {
  const ports = path.join(import.meta.dirname, 'ports.mjs');
  const program = `import(${JSON.stringify(ports)}).then(({ freePort }) => freePort(${port})).then((port) => { console.log(port); setTimeout(() => {}, 60_000); });`;
  const others = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const found = await Promise.all(others.map(async ({ stdout }) => Number(String((await once(stdout, 'data'))[0]))));
  expect(new Set(found).size).toBe(others.length);
  for (const other of others) other.kill('SIGKILL');
  await Promise.all(others.map((other) => once(other, 'exit')));
  expect(found).toContain(await freePort(port)); // those that were killed have none any more
});

it('says which ports it tried', async () => {
  const taken = Array.from({ length: 50 }, (_, index) => 40000 + index);
  await expect(freePort(40000, taken)).rejects.toThrow('none of the ports 40000 to 40049 is free');
});
