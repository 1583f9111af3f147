import { once } from 'node:events';
import { createServer } from 'node:net';
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

it('says which ports it tried', async () => {
  const taken = Array.from({ length: 50 }, (_, index) => 40000 + index);
  await expect(freePort(40000, taken)).rejects.toThrow('none of the ports 40000 to 40049 is free');
});
