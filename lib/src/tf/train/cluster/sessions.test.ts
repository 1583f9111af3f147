/** Sessions on TensorFlow servers that are there, aren't there yet, or are there no more. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AbortedError,
  CancelledError,
  DeadlineExceededError,
  FailedPreconditionError,
  InvalidArgumentError,
  UnavailableError,
} from '../../../runtime/errors';
import { HostArray } from '../../../runtime/hostArray';
import { freeAddresses } from '../../../testing/freePorts';
import { repetitions } from '../../../testing/repetitions';
import { type ServerProcess, startServer } from '../../../testing/serverProcess';
import { Graph } from '../../graph/graph';
import type { Operation } from '../../graph/operation';
import type { Scalar } from '../../graph/tensor';
import { constant, placeholder } from '../../ops/constants';
import { zeros } from '../../ops/creation';
import { add } from '../../ops/elementwise/binary';
import { globalVariablesInitializer, Variable } from '../../ops/variables';
import { Session, type SessionOptions } from '../../session';
import { checkGraph } from '../../session/messageSize';
import { Server } from '..';

const started: ServerProcess[] = [];
const sessions: Session[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await Promise.all(started.splice(0).map((server) => server.kill()));
});

async function serve(...task: Parameters<typeof startServer>): Promise<ServerProcess> {
  started.push(await startServer(...task));
  return started.at(-1)!;
}

function sessionOn<T>(target: string, build: (graph: Graph) => T, options?: SessionOptions) {
  const graph = new Graph();
  const built = graph.asDefault(() => build(graph));
  const session = new Session({ graph, target, ...options });
  sessions.push(session);
  return { session, built };
}

/** A variable of 3, and what waits for ever. */
function three(graph: Graph) {
  const variable = new Variable(3, { name: 'three' });
  const [queue] = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'] }).outputs;
  const [never] = graph.createOperation('QueueDequeueV2', [queue!], { component_types: ['float32'] }).outputs;
  return { variable, init: globalVariablesInitializer(), never: never as Scalar };
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a server that is not there', () => {
  it('is named with how long it was waited for, however it is asked', async () => {
    const [address] = (await freeAddresses(1)) as [string];
    const target = `grpc://${address}`;
    const { session, built } = sessionOn(target, () => constant(1), { config: { operationTimeoutInMs: 150 } });
    const message = new RegExp(`^the TensorFlow server at ${target} didn't answer within 150 ms: n`);
    await expect(session.run(built)).rejects.toThrow(message);
    await expect(session.run(built)).rejects.toThrow('ECONNREFUSED');
    await expect(session.run(built)).rejects.toThrow(DeadlineExceededError);
    expect(() => session.listDevices()).toThrow(message);
    const { session: other } = sessionOn(target, () => constant(1));
    expect(() => other.runSync('Const:0', [], { options: { timeoutInMs: 150 } })).toThrow(message);
    other.graph.asDefault(() => constant(2)); // nothing holds the graph
    const waiting = expect(session.run(built, [], { options: { timeoutInMs: 60_000 } })).rejects.toThrow(
      CancelledError,
    );
    const begin = performance.now();
    await session.close();
    await waiting;
    expect(performance.now() - begin).toBeLessThan(3000);
  });

  it('is waited for', async () => {
    const [address] = (await freeAddresses(1)) as [string];
    const { session, built } = sessionOn(`grpc://${address}`, three);
    const run = session.run(built.init);
    await later(100);
    await serve({ worker: [address] });
    await run;
    expect(await session.run(built.variable)).toBe(3);
    expect(session.threads).toMatchObject({ intraOp: 0, reason: expect.stringContaining(address) });
  });

  it('is one of the tasks that a server in this process waits for, which are named', async () => {
    const [ps, worker] = (await freeAddresses(2)) as [string, string];
    await using server = new Server({ cluster: { ps: [ps], worker: [worker] }, jobName: 'worker' });
    const { session, built } = sessionOn(server.target, () => constant(1));
    const missing = `it waits for /job:ps/task:0 at ${ps}`;
    await expect(session.run(built, [], { options: { timeoutInMs: 200 } })).rejects.toThrow(missing);
  });

  it.each([
    '127.0.0.1:2222',
    'grpc://127.0.0.1',
    'grpc://127.0.0.1:2222/',
    'grpc://a b:1',
    'local',
    'grpc://:1',
    'http://a:1',
  ])('is refused at once where %j is no target', (target) => {
    expect(() => new Session({ target })).toThrow(InvalidArgumentError);
  });
});

describe.runIf(process.platform === 'linux')('a server that ends', () => {
  it('fails the runs that are under way, and those after, and lets the session be closed', async () => {
    const [address] = (await freeAddresses(1)) as [string];
    const server = await serve({ worker: [address] });
    const { session, built } = sessionOn(server.target, three);
    await session.run(built.init);
    const outcome = session.run(built.never).catch((error) => error);
    await later(50);
    await server.kill();
    expect(await outcome).toBeInstanceOf(UnavailableError);
    expect((await outcome).message).toContain(`the TensorFlow server at ${server.target} is gone`);
    await expect(session.run(built.variable)).rejects.toThrow(UnavailableError);
    expect(() => session.runSync(built.variable)).toThrow(UnavailableError);
    await session.close();
    // What takes its place serves new sessions.
    await serve({ worker: [address] });
    const { session: next, built: again } = sessionOn(server.target, three);
    await next.run(again.init);
    expect(next.runSync(again.variable)).toBe(3);
  });

  it('is noticed by a run that this thread waits for, and by a session that is closed after', async () => {
    const server = await serve({ worker: await freeAddresses(1) });
    const { session, built } = sessionOn(server.target, three);
    const { session: idle } = sessionOn(server.target, three);
    session.runSync(built.init);
    await idle.run('three:0').catch(() => {});
    process.kill(server.process.pid!, 'SIGSTOP'); // it is there, and does nothing
    setTimeout(() => process.kill(server.process.pid!, 'SIGKILL'), 0);
    await later(20);
    expect(() => session.runSync(built.never, [], { options: { timeoutInMs: 20_000 } })).toThrow(UnavailableError);
    await idle.close();
  });

  it('and is started anew at once does not know the session', async () => {
    const [address] = (await freeAddresses(1)) as [string];
    const server = await serve({ worker: [address] });
    const { session, built } = sessionOn(server.target, three);
    await session.run(built.init);
    await server.kill();
    await serve({ worker: [address] });
    const error = await session.run(built.variable).catch((reason) => reason);
    expect(error instanceof AbortedError || error instanceof UnavailableError).toBe(true);
    expect(error.message).toContain('make a new session');
    await session.close();
  });

  it('is named where it is a task beside the one that the session talks to', async () => {
    const [ps, worker] = (await freeAddresses(2)) as [string, string];
    const cluster = { ps: [ps], worker: [worker] };
    const other = await serve(cluster, 'ps');
    await using server = new Server({ cluster, jobName: 'worker' });
    const { session, built } = sessionOn(server.target, (graph) => graph.device('/job:ps/task:0', () => three(graph)));
    await session.run(built.init);
    const outcome = session.run(built.never).catch((error) => error);
    await later(50);
    await other.kill();
    const reason = /^\/job:ps\/replica:0\/task:0 of the cluster can't be reached \(.*\): .*make a new session/;
    expect(await outcome).toBeInstanceOf(UnavailableError);
    expect((await outcome).message).toMatch(reason);
    await expect(session.run(built.variable)).rejects.toThrow(reason);
  });

  it('and is one of this process runs nothing more, after it is stopped', async () => {
    const server = Server.createLocalServer();
    const { session, built } = sessionOn(server.target, three);
    await session.run(built.init);
    await server.stop();
    await expect(session.run(built.variable)).rejects.toThrow(`${server.target} was stopped`);
    expect(() => session.runSync(built.variable)).toThrow(UnavailableError);
  });
});

describe('sessions on one server', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer({ worker: await freeAddresses(1) });
  });
  afterAll(() => server.kill());

  it('share the variables of a name, unless they are told to keep theirs', async () => {
    const { session, built } = sessionOn(server.target, three);
    const { session: second, built: same } = sessionOn(server.target, three);
    const isolated = { config: { isolateSessionState: true } };
    const { session: third, built: own } = sessionOn(server.target, three, isolated);
    await session.run(built.init);
    expect(await second.run(same.variable)).toBe(3);
    await expect(third.run(own.variable)).rejects.toThrow(FailedPreconditionError);
  });

  it('say what went wrong on a task, without how that came over the network', async () => {
    const [ps, worker] = (await freeAddresses(2)) as [string, string];
    const cluster = { ps: [ps], worker: [worker] };
    await serve(cluster, 'ps');
    await using server = new Server({ cluster, jobName: 'worker' });
    const { session, built } = sessionOn(server.target, (graph) =>
      add(
        graph.device('/job:ps/task:0', () => new Variable(3, { name: 'three' })),
        1,
      ),
    );
    const error = await session.run(built).catch((error) => error);
    expect(error).toBeInstanceOf(FailedPreconditionError);
    expect(error.message).toMatch(
      /^(From \S+:\n)?Attempting to use uninitialized value three\n\t \[\[\{\{node three\/read\}\}\]\]\n {2}operation 'three\/read' was built at \S+$/,
    );
  });

  it('run large operations, and ask no proxy for this machine', async () => {
    const program = `
      const { tf } = require(${JSON.stringify(path.join(__dirname, '../../../../dist'))});
      const all = tf.fill([400, 400], 0.5);
      new tf.Session({ target: '${server.target}' })
        .run(tf.reduceSum(tf.matmul(all, all)), [], { options: { timeoutInMs: 20_000 } })
        .then((sum) => process.exit(sum === 16e6 ? 0 : 1));`;
    const env = { ...process.env, http_proxy: 'http://127.0.0.1:1' };
    await promisify(execFile)(process.execPath, ['-e', program], { env });
  });

  it('know what is added to their graph, and refuse devices that there are not', async () => {
    const { session, built } = sessionOn(server.target, three);
    await session.run(built.init);
    const more = session.graph.asDefault(() => add(built.variable, 1));
    expect(await session.run(more)).toBe(4);
    expect(session.runSync(session.graph.asDefault(() => add(more, 1)))).toBe(5);
    const nowhere = session.graph.asDefault(() => session.graph.device('/job:ps/task:7', () => constant(1)));
    await expect(session.run(nowhere)).rejects.toThrow(
      /assigned to \/job:ps\/task:7 but available devices are \[ \/job:worker/,
    );
  });

  it('leave nothing of theirs behind when they are closed, where they keep it to themselves', async () => {
    const memory = () => {
      const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024;
    };
    const once = async () => {
      const graph = new Graph();
      const init = graph.asDefault(() => {
        new Variable(zeros([2 ** 24]), { name: 'large' });
        return globalVariablesInitializer();
      });
      await using session = new Session({ graph, target: server.target, config: { isolateSessionState: true } });
      await session.run(init);
    };
    for (let i = 0; i < 3; i++) await once();
    const before = memory();
    const times = repetitions(10, 200);
    for (let i = 0; i < times; i++) await once();
    // The 64 MB of each would be kept, which the allocator gives back at once. libtensorflow itself keeps some 0.4 MB of a session that was
    // isolated, and the allocator now and then some tens of what was small.
    expect(memory() - before).toBeLessThan(200);
  });

  it('refuse what no message can hold, before libtensorflow ends the process', async () => {
    const target = `grpc://${(await freeAddresses(1))[0]}`;
    const { session, built } = sessionOn(target, () => ({ x: placeholder('float32', [null]), large: zeros([600e6]) }));
    const many = new HostArray('float32', [600e6], new Float32Array(600e6));
    const message =
      /^the f(eeds|etches) of a run on .* are 2.4 GB, and a TensorFlow server takes and sends 2 GB at a time/;
    await expect(session.run(built.x, [[built.x, many]])).rejects.toThrow(message);
    expect(() => session.runSync(built.large)).toThrow(message);
    await expect(session.run(built.large)).rejects.toThrow(InvalidArgumentError);
    const constants = [{ type: 'Const', outputs: [{ dtype: 'complex64', shape: [600e6] }] }] as unknown as Operation[];
    expect(() => checkGraph(target, constants)).toThrow('are 4.8 GB');
  });

  it('have no threads of their own', () => {
    const config = { usePerSessionThreads: true };
    expect(() => new Session({ target: 'grpc://127.0.0.1:1', config })).toThrow(InvalidArgumentError);
  });
});

it('a session that waits long says once what it waits for', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  try {
    const { session, built } = sessionOn('grpc://127.0.0.1:1', () => constant(1));
    const outcomes = Promise.allSettled([session.run(built), session.run(built)]);
    await vi.advanceTimersByTimeAsync(15_000);
    vi.useRealTimers();
    await session.close();
    await outcomes;
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/waits for the TensorFlow server at grpc:\/\/127.0.0.1:1/)],
    ]);
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
});
