/** The end of processes that have TensorFlow servers and sessions on them: libtensorflow's threads go on while a process ends. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freeAddresses } from '../../../testing/freePorts';
import { repetitions } from '../../../testing/repetitions';
import { type ServerProcess, startServer } from '../../../testing/serverProcess';

let other: ServerProcess;
beforeAll(async () => {
  other = await startServer({ worker: await freeAddresses(1) });
});
afterAll(() => other.kill());

/** A server of its own, a session on it and one on another process's, and runs that are under way on both: short ones, and one that waits for ever. */
const program = (ending: string) => `
  const { tf } = require(${JSON.stringify(path.join(__dirname, '../../../../dist'))});
  const server = new tf.train.Server({ cluster: { worker: ['127.0.0.1:0'] } });
  const graph = tf.getDefaultGraph();
  const x = tf.randomUniform([200, 200]);
  const product = tf.reduceSum(tf.matmul(x, x));
  const [queue] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'] }).outputs;
  const never = graph.createOperation('QueueDequeueV2', [queue], { component_types: ['float32'] });
  const sessions = [server.target, ${JSON.stringify(other.target)}].map((target) => new tf.Session({ graph, target }));
  let ended = false;
  const go = async (session) => {
    while (!ended) await session.run(product);
  };
  Promise.all(sessions.map((session) => session.run(product))).then(async () => {
    const waiting = sessions.map((session) => session.run(never).catch(() => {}));
    const runs = sessions.map((session) => go(session).catch(() => {})); // it ends by the closing of its session
    await new Promise((resolve) => setTimeout(resolve, 20 * Math.random()));
    console.log('running');
    ${ending}
  });
`;

/** What a program prints, how it ends, and what it says on stderr. */
function end(ending: string): Promise<[string, number | string, string]> {
  const child = spawn(process.execPath, ['-e', program(ending)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (errors += text));
  const killer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(killer);
      resolve([output, code ?? signal ?? '', errors]);
    });
  });
}

describe.runIf(process.platform === 'linux')(
  'a process with servers and sessions on servers ends, beside their runs,',
  () => {
    it.each<[string, string, number | string, RegExp]>([
      ['by process.exit', 'process.exit(3);', 3, /^$/],
      ['by an error that nobody catches', "setImmediate(() => { throw new Error('mine'); });", 1, /Error: mine/],
      ['by SIGTERM', "process.kill(process.pid, 'SIGTERM');", 'SIGTERM', /^$/],
      ['by SIGINT', "process.kill(process.pid, 'SIGINT');", 'SIGINT', /^$/],
      [
        'when everything is closed',
        'ended = true; await Promise.all(sessions.map((session) => session.close())); await Promise.allSettled([...waiting, ...runs]); await server.stop();',
        0,
        /^$/,
      ],
    ])('%s', async (_how, ending, expected, errors) => {
      // The kernel alone ends a process at a signal that nobody has asked for, as it did the last time.
      for (let i = 0; i < repetitions(typeof expected === 'string' ? 0 : 1, 100); i++) {
        const [output, how, said] = await end(ending);
        expect([output, how], said).toEqual(['running\n', expected]);
        expect(said).toMatch(errors);
      }
    });
  },
);
