import { execFileSync, spawn } from 'node:child_process';
import { constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { repetitions } from '../testing/repetitions';

const library = JSON.stringify(path.join(__dirname, '..', '..', 'dist'));

/** What blocks: the front of a queue into which nothing comes, for as long as `session` is open. */
const blocked = `
  const { tf } = require(${library});
  const graph = tf.getDefaultGraph();
  const [queue] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'] }).outputs;
  const [front] = graph.createOperation('QueueDequeueV2', [queue], { component_types: ['float32'] }).outputs;
  const session = new tf.Session();
  const run = session.run(front);
  run.catch(() => {});
  process.on('exit', (code) => {
    console.log('first', code);
    process.on('exit', () => console.log('too late'));
  });
`;

const server = `
  const { tf } = require(${library});
  const session = new tf.Session({ target: 'grpc://127.0.0.1:9' });
  const run = session.run(tf.constant(1), [], { options: { timeoutInMs: 50 } }).catch(({ name }) => console.log(name));
`;

/** A server of TensorFlow's in the process itself, and a session on it. */
const serving = `
  const { tf } = require(${library});
  const koffi = require('koffi');
  tf.getDefaultGraph();
  const lib = koffi.load(require(${library} + '/library.js')('runtime/locate').locateLibrary().main);
  const field = (number, bytes) => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), Buffer.from(bytes)]);
  // ServerDef { cluster { job { name, tasks: { 0: address } } }, job_name, protocol }
  const task = Buffer.concat([Buffer.from([8, 0]), field(2, '127.0.0.1:0')]);
  const job = Buffer.concat([field(1, 'worker'), field(2, task)]);
  const def = Buffer.concat([field(1, field(1, job)), field(2, 'worker'), field(5, 'grpc')]);
  const status = lib.func('void *TF_NewStatus()')();
  const server = lib.func('void *TF_NewServer(const void *, size_t, void *)')(def, def.length, status);
  lib.func('void TF_ServerStart(void *, void *)')(server, status);
  const session = new tf.Session({ target: lib.func('const char *TF_ServerTarget(void *)')(server) });
  session.run(tf.add(1, 2)).then(console.log)
`;

/** A worker thread that computes, and one that leaves behind what blocks. */
const worker = `
  const { Worker } = require('node:worker_threads');
  const run = (code, exit) => new Promise((resolve, reject) =>
    new Worker(code, { eval: true }).on('error', reject).on('exit', resolve));
  const two = \`
    const { tf } = require(${library});
    (async () => { const s = new tf.Session(); console.log(s.runSync(tf.constant(2)) + (await s.run(tf.constant(3)))); })();
  \`;
`;

interface Program {
  readonly what: string;
  readonly program: string;
  readonly output: string;
  readonly end: number | string;
}

const programs: Program[] = [
  {
    what: 'one that only loads the library',
    program: `require(${library}).tf.getDefaultGraph();`,
    output: '',
    end: 0,
  },
  {
    what: 'one that ends while another thread loads libtensorflow',
    program: `require(${library}); process.exit(2);`,
    output: '',
    end: 2,
  },
  {
    what: 'one that ran something in another thread',
    program: `const { tf } = require(${library}); new tf.Session().run(tf.constant(1)).then(console.log);`,
    output: '1\n',
    end: 0,
  },
  {
    what: 'process.exit beside a blocked run',
    program: `${blocked} setTimeout(() => { process.on('exit', () => console.log('last')); process.exit(3); }, 20);`,
    output: 'first 3\nlast\n',
    end: 3,
  },
  {
    what: 'process.exit while every core computes',
    program: `
      const { tf } = require(${library});
      let x = tf.randomUniform([8, 64, 64, 16]);
      const filter = tf.randomUniform([5, 5, 16, 16]);
      for (let i = 0; i < 6; i++) x = tf.nn.conv2d(x, filter, { strides: [1, 1, 1, 1], padding: 'SAME' });
      const session = new tf.Session();
      for (let i = 0; i < 4; i++) session.run(x).catch(() => {});
      setTimeout(() => process.exit(9), 200 + Math.random() * 300);`,
    output: '',
    end: 9,
  },
  {
    what: 'an uncaught error beside a blocked run',
    program: `${blocked} setTimeout(() => { throw new Error('mine'); }, 20);`,
    output: 'first 1\n',
    end: 1,
  },
  {
    what: 'process.exitCode and much output beside a run given up',
    program: `${blocked} session.close().then(() => { process.exitCode = 5; console.log('x'.repeat(1e5)); });`,
    output: `${'x'.repeat(1e5)}\nfirst 5\n`,
    end: 5,
  },
  {
    what: 'SIGTERM beside a blocked run',
    program: `${blocked} setTimeout(() => process.kill(process.pid, 'SIGTERM'), 20);`,
    output: '',
    end: 'SIGTERM',
  },
  {
    what: 'a server, and a session on it that is closed',
    program: `${serving}.then(() => session.close());`,
    output: '3\n',
    end: 0,
  },
  {
    what: 'a server, and a session on it that is left open',
    program: `${serving}.then(() => process.exit(6));`,
    output: '3\n',
    end: 6,
  },
  {
    what: 'a session on a server that is not there, closed',
    program: `${server} run.then(() => session.close());`,
    output: 'DeadlineExceededError\n',
    end: 0,
  },
  {
    what: 'a session on a server that is not there, left open',
    program: server,
    output: 'DeadlineExceededError\n',
    end: 0,
  },
  {
    what: 'process.exit beside a run on a server that is not there',
    program: `${server} session.run(tf.constant(2)); setTimeout(() => process.exit(4), 20);`,
    output: '',
    end: 4,
  },
  {
    what: 'a worker thread that loads the library first and ends, before others use it',
    program: `${worker} run(two).then(() => run(two)).then(() => eval(two)).then(() => run(two));`,
    output: '5\n5\n5\n5\n',
    end: 0,
  },
  {
    what: 'a worker thread that ends beside its blocked run',
    program: `${worker} run(${JSON.stringify(`${blocked} setTimeout(() => process.exit(3), 20);`)}).then((code) => {
      console.log('worker', code);
      return run(two);
    });`,
    output: 'first 3\nworker 3\n5\n',
    end: 0,
  },
  {
    what: 'a worker thread that is terminated beside its blocked run',
    program: `${worker}
      const it = new Worker(${JSON.stringify(`${blocked} require('node:worker_threads').parentPort.postMessage(1);`)}, { eval: true });
      it.on('message', () => it.terminate()).on('exit', () => run(two));`,
    output: '5\n',
    end: 0,
  },
];

const folder = mkdtempSync(path.join(tmpdir(), 'exits-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program with its output into a pipe or a file; everything that it printed, and its exit code or signal. */
async function ends(program: string, into: 'pipe' | 'file'): Promise<[string, number | string]> {
  const file = path.join(folder, 'output');
  const out = into === 'file' ? openSync(file, 'w') : 'pipe';
  const child = spawn(process.execPath, ['-e', program], { cwd: __dirname, stdio: ['ignore', out, 'pipe'] });
  let output = '';
  child.stdout?.on('data', (text) => (output += text));
  const killer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const end = await new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? '')),
  );
  clearTimeout(killer);
  return [into === 'file' ? readFileSync(file, 'utf8') : output, end];
}

describe.runIf(process.platform === 'linux')('a process ends as it should', () => {
  it.each(programs.map((program) => [program.what, program] as const))(
    '%s',
    async (_what, { program, output, end }) => {
      for (let i = 0; i < repetitions(1, 500); i++)
        expect(await ends(program, i % 2 === 0 ? 'pipe' : 'file')).toEqual([output, end]);
    },
  );
});

it.runIf(process.platform === 'linux')('a process leaves the pipe that it shares with others as it was', () => {
  const program = `require(${library}).tf.getDefaultGraph(); process.stdout.write('')`;
  const shared = execFileSync('sh', ['-c', '"$0" -e "$1"; cat /proc/self/fdinfo/1', process.execPath, program], {
    encoding: 'utf8',
  });
  const flags = Number.parseInt(/^flags:\s*(\d+)$/m.exec(shared)![1]!, 8);
  expect(flags & constants.O_NONBLOCK).toBe(0); // else the next to write would have to wait for room itself
});
