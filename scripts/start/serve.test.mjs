import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { processIsAlive } from '../../lib/setup/atomic.mjs';
import { freePort } from './ports.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'serve-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A server that is a small Node script: `port` is its port; what it logs begins with its process id. */
async function fake(name, script) {
  const port = await freePort(20_000 + Math.floor(Math.random() * 20_000));
  return {
    name,
    command: process.execPath,
    args: ['-e', `const port = ${port}; console.log(process.pid); ${script}`],
    env: {},
    log: path.join(folder, `${name}.log`),
    probe: `http://127.0.0.1:${port}/`,
  };
}

const answering = "require('http').createServer((_, response) => response.end()).listen(port, '127.0.0.1');";
const silent = 'setTimeout(() => {}, 60_000);';
const stubborn = "process.on('SIGTERM', () => {});";
/** Starts a process that lives as long as it is left alone, and logs its id. */
const parent = `console.log(require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stubborn + silent)}]).pid);`;

/** Runs the servers in a process of their own, as Ctrl-C is for a process; it writes `ready` and then what came of it. */
function serving(...servers) {
  const script = `
    import { serve, ServerError } from ${JSON.stringify(new URL('serve.mjs', import.meta.url).href)};
    try {
      process.exitCode = await serve(${JSON.stringify(servers)}, () => console.log('ready'));
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      console.log(error.message);
      process.exitCode = 1;
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  const exit = once(child, 'exit').then(([code]) => code);
  return { child, exit, output: () => output };
}

/** The processes that the servers' logs name. */
const processes = (...servers) =>
  servers.flatMap(({ log }) =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => /^\d+$/.test(line))
      .map(Number),
  );

async function expectDead(ids, count) {
  expect(ids).toHaveLength(count);
  await vi.waitFor(() => expect(ids.filter(processIsAlive)).toEqual([]), { timeout: 5_000 });
}

describe('serve', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'ends all with what they started on %s, which is no failure',
    async (signal) => {
      const servers = [await fake('one', parent + answering), await fake('two', answering)];
      const { child, exit, output } = serving(...servers);
      await vi.waitFor(() => expect(output()).toBe('ready\n'), { timeout: 20_000 });
      child.kill(signal);
      expect(await exit).toBe(0);
      await expectDead(processes(...servers), 3);
    },
  );

  it('is ready once all answer, not before', async () => {
    const late = await fake('late', `setTimeout(() => { console.log('listening'); ${answering} }, 700);`);
    const { child, exit, output } = serving(await fake('one', answering), late);
    await vi.waitFor(() => expect(output()).toBe('ready\n'), { timeout: 20_000 });
    expect(readFileSync(late.log, 'utf8')).toContain('listening');
    child.kill('SIGINT');
    await exit;
  });

  it('gives the exit code of the signal that came while they were starting', async () => {
    const servers = [await fake('one', answering), await fake('two', silent)];
    const { child, exit, output } = serving(...servers);
    await vi.waitFor(() => processes(...servers).length === 2 || Promise.reject(new Error('not yet')), {
      timeout: 20_000,
    });
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(output()).toBe('');
    await expectDead(processes(...servers), 2);
  });

  it('ends the others when one ends, and shows the end of its log', async () => {
    const other = await fake('other', answering);
    const onRequest = "process.on('SIGUSR2', () => { console.error('out of paper'); process.exit(3); });";
    const dying = await fake('dying', onRequest + answering);
    const { exit, output } = serving(other, dying);
    await vi.waitFor(() => expect(output()).toBe('ready\n'), { timeout: 20_000 });
    process.kill(processes(dying)[0], 'SIGUSR2');
    expect(await exit).toBe(1);
    expect(output()).toMatch(
      /^ready\ndying ended \(exit code 3\)\. The end of .*dying\.log:\n {2}\d+\n {2}out of paper\n$/,
    );
    await expectDead(processes(other, dying), 2);
  });

  it('says which program is not there', async () => {
    const missing = { ...(await fake('missing', '')), command: '/no/such/program' };
    const { exit, output } = serving(await fake('other', answering), missing);
    expect(await exit).toBe(1);
    expect(output()).toMatch(/^missing could not be started \(.*ENOENT/);
  });

  it('kills what takes its time at a second signal', async () => {
    const server = await fake('stubborn', stubborn + answering);
    const { child, exit, output } = serving(server);
    await vi.waitFor(() => expect(output()).toBe('ready\n'), { timeout: 20_000 });
    const since = Date.now();
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(processes(server).every(processIsAlive)).toBe(true);
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(Date.now() - since).toBeLessThan(3_000); // before they would be killed anyway
    await expectDead(processes(server), 1);
  });
});
