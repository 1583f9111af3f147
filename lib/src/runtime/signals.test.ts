import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';

/** A program that multiplies matrices in its own thread, and counts the signals that come meanwhile. */
const program = `
  const { tf } = require(${JSON.stringify(path.join(__dirname, '..', '..', 'dist'))});
  let signals = 0;
  process.on('SIGWINCH', () => signals++);
  const x = tf.placeholder('float32', [100, 784]);
  const product = tf.reduceSum(tf.matmul(x, tf.ones([784, 64])));
  const session = new tf.Session();
  const ones = new tf.HostArray('float32', [100, 784], new Float32Array(78400).fill(1));
  const step = (left) => {
    for (let i = 0; i < 100; i++) if (session.runSync(product, [[x, ones]]) !== 5017600) throw new Error('a wrong product');
    if (left > 0) setImmediate(step, left - 1);
    else console.log(signals > 0 ? 'computed, and got signals' : 'got no signal');
  };
  console.log('begins');
  step(30);
`;

it.skipIf(process.platform === 'win32')(
  'signals that come during a matrix product do no harm, and are handled',
  async () => {
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [output, timer]: [string, NodeJS.Timeout | undefined] = ['', undefined];
    child.stdout.on('data', (text) => {
      output += text;
      timer ??= setInterval(() => child.kill('SIGWINCH'), 2);
    });
    child.stderr.on('data', (text) => (output += text));
    const end = await new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
    clearInterval(timer);
    expect([end, output]).toEqual([0, 'begins\ncomputed, and got signals\n']);
  },
);

it.skipIf(process.platform === 'win32')(
  'a profiler does no harm during a matrix product, and sees the JavaScript around it',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'profile-'));
    try {
      const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=200'];
      const { status, stdout } = spawnSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' });
      expect([status, stdout]).toEqual([0, 'begins\ngot no signal\n']);
      const profile = readFileSync(path.join(folder, readdirSync(folder)[0]!), 'utf8');
      expect(profile).toContain('"functionName":"step"');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
