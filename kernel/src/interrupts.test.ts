/** Interrupts at any moment of a kernel's life. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../lib/src/testing/repetitions';
import { KernelClient } from './testing/client';

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.shutDown());

const signal = ({ process }: KernelClient = kernel) => process.kill('SIGINT');

/** An interrupt that is still on its way may hit the first of two cells. */
async function isAlive(client: KernelClient = kernel): Promise<boolean> {
  const { result } = await client.run('1 + 1');
  return (result ?? (await client.run('1 + 1')).result) === '2';
}

const KERNEL = path.join(__dirname, '..', 'dist', 'main.js');

/** A program that is the kernel, and leaves a file when it begins to listen to SIGINT, with the number of modules that it has loaded by then. */
const NOTICE = `
const { writeFileSync } = require('node:fs');
const on = process.on;
process.on = function (event, listener) {
  const result = on.call(this, event, listener);
  const file = process.env.SIGINT_NOTICE;
  if (event === 'SIGINT') writeFileSync(file, String(Object.keys(require.cache).length));
  return result;
};
require(${JSON.stringify(KERNEL)});`;

/** Loaded before the kernel: has its thread that hears signals take its time over each, and leaves a file before and after it. */
const SLOW_LISTENER = `
const { parentPort, isMainThread, workerData } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
if (!isMainThread && workerData instanceof SharedArrayBuffer) {
  const post = parentPort.postMessage;
  parentPort.postMessage = function (message) {
    writeFileSync(process.env.HEARD_NOTICE + '-begin', message);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    post.call(this, message);
    writeFileSync(process.env.HEARD_NOTICE, message);
  };
}`;

describe('an interrupt', () => {
  it(
    'while a kernel starts leaves it alive, with a cell sent at once and without',
    async () => {
      const times = repetitions(2, 80);
      for (let i = 0; i < times; i++) {
        const notice = path.join(kernel.folder, `listens-${i}`);
        const main = path.join(kernel.folder, 'notice.cjs');
        writeFileSync(main, NOTICE);
        const young = await KernelClient.launch({ main, env: { SIGINT_NOTICE: notice } });
        const first = i % 2 ? await young.begin('let n = 0; for (;;) n++;') : undefined;
        const listens = () => existsSync(notice) && readFileSync(notice, 'utf8') !== '';
        while (young.process.exitCode === null && young.process.signalCode === null && !listens()) await sleep(1);
        expect([listens(), young.errors]).toEqual([true, '']);
        expect(Number(readFileSync(notice, 'utf8'))).toBeLessThan(6); // before TypeScript
        await sleep(Math.random() * 100 * (i % 20));
        for (let times = 0; times <= i % 3; times++) signal(young);
        if (i % 4 < 2) await young.interrupt();
        for (let over = !first; !over; ) {
          await young.interrupt();
          over = await Promise.race([first?.done.then(() => true), sleep(1_000).then(() => false)]).then(Boolean);
        }
        expect(await isAlive(young)).toBe(true);
        await young.shutDown();
        expect(await young.exited).toBe(0);
      }
    },
    repetitions(120_000, 3_600_000),
  );

  const cells: Record<string, string> = {
    'that computes': 'let n = 0; for (const end = Date.now() + 60; Date.now() < end; ) n++;',
    'that is nearly nothing': '1;',
    'that prints': "for (const end = Date.now() + 60; Date.now() < end; ) console.log('x'.repeat(200));",
    'that awaits': 'for (let i = 0; i < 20; i++) await new Promise(r => setTimeout(r, 3));',
    'that runs a graph':
      "import { tf } from 'tf-mechanics'; const s = new tf.Session({ graph: new tf.Graph() }); for (let i = 0; i < 300; i++) s.runSync([]); await s.close();",
    'that is long to compile': `const wide = { ${Array.from({ length: 300 }, (_, i) => `p${i}: [${i}, '${i}']`).join(', ')} };`,
  };
  for (const [name, code] of Object.entries(cells))
    it(
      `at any moment of a cell ${name} leaves the kernel alive`,
      async () => {
        for (let i = 0; i < repetitions(3, 400); i++) {
          const cell = await kernel.begin(code);
          await sleep(Math.random() * 100);
          if (i % 3 === 0) await kernel.interrupt();
          else signal();
          if (i % 5 === 0) signal();
          if (i % 7 === 0) void kernel.request('shell', 'complete_request', { code: 'Math.', cursor_pos: 5 });
          await cell.done;
        }
        expect(await isAlive()).toBe(true);
      },
      repetitions(120_000, 3_600_000),
    );

  it(
    'in a storm of signals leaves the kernel alive',
    async () => {
      const storm = setInterval(signal, 1);
      for (let i = 0; i < repetitions(10, 1_000); i++) await kernel.run(`${i}`);
      clearInterval(storm);
      await sleep(100);
      expect(await isAlive()).toBe(true);
    },
    repetitions(120_000, 3_600_000),
  );

  it('that comes as a signal stops a loop after the cell has awaited something', async () => {
    const cell = await kernel.begin("await 1; console.log('on'); while (true) {}");
    await cell.until(({ stdout }) => stdout !== '');
    signal();
    expect((await cell.done).reply.ename).toBe('Interrupted');
    expect(await isAlive()).toBe(true);
  });

  it('that comes as a signal reaches a cell that began while the one before was still being heard', async () => {
    const heard = path.join(kernel.folder, 'heard');
    const preload = path.join(kernel.folder, 'slowListener.cjs');
    writeFileSync(preload, SLOW_LISTENER);
    const slow = await KernelClient.start({ env: { NODE_OPTIONS: `--require ${preload}`, HEARD_NOTICE: heard } });
    await slow.run('1');
    signal(slow);
    await expect.poll(() => existsSync(`${heard}-begin`), { timeout: 60_000 }).toBe(true);
    const cell = await slow.begin("const loop = new Function('for (;;);'); console.log('on'); loop();");
    await cell.until(({ stdout }) => stdout !== '');
    await expect.poll(() => existsSync(heard), { timeout: 60_000 }).toBe(true);
    await sleep(200);
    signal(slow);
    expect((await cell.done).reply.ename).toBe('Interrupted');
    expect(await isAlive(slow)).toBe(true);
    await slow.shutDown();
  });

  it('ends a cell that awaits a run that waits, also behind a queue runner, and closing the session ends what still waits', async () => {
    await kernel.run(`
        import { tf } from 'tf-mechanics';
        const queue = new tf.FIFOQueue(2, 'float32', { shapes: [[]] });
        const source = new tf.FIFOQueue(2, 'float32', { shapes: [[]] });
        const runner = new tf.train.QueueRunner(queue, [queue.enqueue(source.dequeue())]);
        const take = queue.dequeue();
        const session = new tf.Session();
        const coord = new tf.train.Coordinator();`);
    const waits = [
      'await session.run(take);',
      'runner.createThreads(session, { coord, start: true }); await coord.join();',
      'const both = [session.run(take), session.run(take)]; await Promise.all(both);',
      'await coord.waitForStop();',
    ];
    for (const [i, code] of waits.entries()) {
      const cell = await kernel.begin(`console.log('on'); ${code}`);
      await cell.until(({ stdout }) => stdout !== '');
      await sleep(20);
      if (i % 2) signal();
      else await kernel.interrupt();
      expect((await cell.done).reply.ename).toBe('Interrupted');
    }
    const { stdout } = await kernel.run(`
        await session.close();
        await coord.join([], { stopGracePeriodSecs: 30 });
        console.log((await Promise.allSettled(both)).map(({ reason }: any) => reason.name).join(), coord.shouldStop());`);
    expect(stdout).toBe('CancelledError,CancelledError true\n');
    expect(await isAlive()).toBe(true);
  }, 120_000);

  it(
    'while a kernel ends lets it end',
    async () => {
      for (let i = 0; i < repetitions(1, 40); i++) {
        const old = await KernelClient.start();
        await old.run('1'); // it has loaded TypeScript by then, and hears of its end
        await old.send('control', 'shutdown_request', { restart: false });
        await sleep(Math.random() * 40);
        signal(old);
        expect([0, 'SIGINT']).toContain(await old.exited);
        await old.shutDown();
      }
    },
    repetitions(120_000, 3_600_000),
  );
});
