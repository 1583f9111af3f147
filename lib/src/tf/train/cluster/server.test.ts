import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AlreadyExistsError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
} from '../../../runtime/errors';
import { freeAddresses } from '../../../testing/freePorts';
import { Graph } from '../../graph/graph';
import { add } from '../../ops/elementwise/binary';
import { globalVariablesInitializer, Variable } from '../../ops/variables';
import { Session } from '../../session';
import { type ClusterServerOptions, ClusterSpec, Server, ServerDef } from '..';

const servers: Server[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) await server.stop();
});

function serve(options: ClusterServerOptions): Server {
  servers.push(new Server(options));
  return servers.at(-1)!;
}

const portOf = ({ target }: Server): number => Number(/\d+$/.exec(target)![0]);

async function sum(target: string): Promise<number> {
  const graph = new Graph();
  const three = graph.asDefault(() => add(1, 2));
  await using session = new Session({ graph, target });
  return await session.run(three, [], { options: { timeoutInMs: 10_000 } });
}

/** How a connection to a port of this machine fares. */
function connecting(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const ends = (how: string) => () => {
      socket.destroy();
      resolve(how);
    };
    socket.on('connect', ends('connected')).on('timeout', ends('no answer')).on('error', ends('refused'));
  });
}

describe('a server', () => {
  it('runs what sessions ask for, at a port that it finds', async () => {
    const server = serve({ cluster: { worker: ['127.0.0.1:0'] } });
    expect(server.target).toMatch(/^grpc:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect(await sum(server.target)).toBe(3);
    expect(await sum(server.target.replace('127.0.0.1', 'localhost'))).toBe(3); // over the network
    await using session = new Session({ target: server.target });
    expect(session.listDevices().map(({ name }) => name)).toContain('/job:worker/replica:0/task:0/device:CPU:0');
  });

  it('says which task of which cluster it is', () => {
    const cluster = new ClusterSpec({ ps: ['127.0.0.1:0'], worker: ['127.0.0.1:1'] });
    const server = new Server(cluster, { jobName: 'ps', config: { deviceCount: { CPU: 2 } }, start: false });
    servers.push(server);
    expect(server.serverDef).toMatchObject({ jobName: 'ps', taskIndex: 0, protocol: 'grpc' });
    expect(server.serverDef.defaultSessionConfig?.deviceCount).toEqual({ CPU: 2 });
    const again = new Server(ServerDef.decode(ServerDef.encode(server.serverDef)), { start: false });
    servers.push(again);
    expect(again.serverDef).toEqual(server.serverDef);
  });

  it('serves from when it is started', async () => {
    await using server = new Server({ cluster: { worker: ['localhost:0'] }, start: false });
    const outcome = sum(server.target.replace('localhost', '127.0.0.1'));
    server.start();
    server.start();
    expect(await outcome).toBe(3);
  });

  it('can be one of two in a process', async () => {
    await using a = Server.createLocalServer();
    await using b = Server.createLocalServer({ config: { deviceCount: { CPU: 2 } } });
    expect(await Promise.all([sum(a.target), sum(b.target)])).toEqual([3, 3]);
  });

  it('can be a task of a cluster whose parts talk to each other', async () => {
    const [first, second] = (await freeAddresses(2)) as [string, string];
    const cluster = { ps: [first], worker: [second] };
    serve({ cluster, jobName: 'ps' });
    const worker = serve({ cluster, jobName: 'worker' });
    const graph = new Graph();
    const { plus, init } = graph.asDefault(() => {
      const variable = graph.device('/job:ps/task:0', () => new Variable(40));
      return {
        plus: graph.device('/job:worker/task:0', () => add(variable, 2)),
        init: globalVariablesInitializer(),
      };
    });
    await using session = new Session({ graph, target: worker.target });
    await session.run(init);
    expect(await session.run(plus)).toBe(42);
  });
});

describe.runIf(process.platform === 'linux')('a server that is stopped', () => {
  it('lets go of its port, which another may have, also for sessions of this process', async () => {
    const first = serve({ cluster: { worker: ['127.0.0.1:0'] } });
    const joined = first.join();
    expect(await sum(first.target)).toBe(3);
    await first.stop();
    await first.stop();
    await joined;
    expect(await connecting('127.0.0.1', portOf(first))).toBe('refused');
    expect(() => first.start()).toThrow(FailedPreconditionError);
    const second = serve({ cluster: { other: [`127.0.0.1:${portOf(first)}`] } });
    expect(second.target).toBe(first.target);
    await using session = new Session({ target: second.target });
    expect(session.listDevices()[0]!.name).toMatch('/job:other/');
  });
});

describe.runIf(process.platform === 'linux')('who reaches a server', () => {
  const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const other = others.find(({ internal, scopeid }) => !internal && !scopeid)?.address;

  it('is this machine alone, where its address is one of this machine alone', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const server = serve({ cluster: { worker: [`${host}:0`] } });
      expect(await connecting('127.0.0.1', portOf(server))).toBe('connected');
      if (other) expect(await connecting(other, portOf(server))).toBe('no answer');
    }
    const lines = warn.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes('network interface'))).toEqual([]);
  });

  it.runIf(other)('is everybody, where its address is another one, and a line of warning says so', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const server = serve({ cluster: { worker: [`${other!.includes(':') ? `[${other}]` : other}:0`] } });
    expect(await connecting(other!, portOf(server))).toBe('connected');
    const lines = warn.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes('network interface'))).toEqual([
      expect.stringMatching(/^the TensorFlow server at grpc.*every network interface.*$/),
    ]);
  });
});

describe('a server is refused', () => {
  it.each<[string, ClusterServerOptions, RegExp]>([
    [
      'without its job',
      { cluster: { ps: ['a:1'], worker: ['b:1'] } },
      /^the cluster has the jobs ps, worker: say by `jobName`/,
    ],
    [
      'without its task',
      { cluster: { worker: ['a:1', 'b:1'] } },
      /^job 'worker' has the tasks 0, 1: say by `taskIndex`/,
    ],
    ['in a job that there is not', { cluster: { worker: ['a:1'] }, jobName: 'ps' }, /^the cluster has no job 'ps'/],
    [
      'as a task that there is not',
      { cluster: { worker: ['a:1'] }, taskIndex: 1 },
      /^job 'worker' of the cluster has no task 1/,
    ],
    ['as no task', { cluster: { worker: ['a:1'] }, taskIndex: -1 }, /has no task -1/],
    ['in an empty cluster', { cluster: {} }, /has the jobs \(none\)/],
    [
      'with another at port 0',
      { cluster: { worker: ['127.0.0.1:0', 'b:0'] }, taskIndex: 0 },
      /^\/job:worker\/task:1 has port 0/,
    ],
    ['at what is no address', { cluster: { worker: ['a/b:1'] } }, /HOST:PORT/],
    ['with too many threads', { cluster: { worker: ['a:1'] }, config: { intraOpParallelismThreads: 1e6 } }, /1024/],
    ['with no processor', { cluster: { worker: ['a:1'] }, config: { deviceCount: { CPU: 0 } } }, /has a CPU at least/],
    ['with an option that there is not', { cluster: { worker: ['a:1'] }, job: 'worker' } as never, /no option 'job'/],
  ])('%s', (_what, options, message) => {
    expect(() => new Server(options)).toThrow(InvalidArgumentError);
    expect(() => new Server(options)).toThrow(message);
  });

  it('with a protocol that libtensorflow does not have', () => {
    expect(() => new Server({ cluster: { worker: ['a:1'] }, protocol: 'grpc+verbs' })).toThrow(NotFoundError);
  });

  it('at a port that something listens on, which it names', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      expect(() => new Server({ cluster: { worker: [`127.0.0.1:${port}`] } })).toThrow(AlreadyExistsError);
      expect(() => new Server({ cluster: { worker: [`127.0.0.1:${port}`] } })).toThrow(`port ${port} is in use`);
    } finally {
      other.close();
    }
  });
});
