import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { capi } from '../../runtime/capi';
import {
  CancelledError,
  DeadlineExceededError,
  FailedPreconditionError,
  InvalidArgumentError,
  NotFoundError,
} from '../../runtime/errors';
import { HostArray } from '../../runtime/hostArray';
import { Graph } from '../graph/graph';
import type { Operation } from '../graph/operation';
import type { Scalar, Tensor } from '../graph/tensor';
import { applyOne } from '../ops/apply';
import { constant, placeholder, placeholderWithDefault } from '../ops/constants';
import { randomUniform } from '../ops/random';
import { assignAdd, Variable } from '../ops/variables';
import { RunMetadata } from './config';
import { Session } from './session';

/** A graph built by `build`, and a session on it. */
function sessionOn<T>(build: (graph: Graph) => T): { session: Session; graph: Graph; built: T } {
  const graph = new Graph();
  const built = graph.asDefault(() => build(graph));
  return { session: new Session({ graph }), graph, built };
}

const identity = <T extends Tensor>(x: T, name?: string) => applyOne('Identity', [x], {}, name) as Tensor as T;

describe('fetches', () => {
  it('keep their structure', async () => {
    const { session, built } = sessionOn(() => ({ one: constant(1), pair: constant([2, 3]) }));
    const { one, pair } = built;
    expect(await session.run(one)).toBe(1);
    expect(await session.run(one.op)).toBeNull();
    expect(await session.run([one, one.op, [one]])).toEqual([1, null, [1]]);
    const { a, b } = await session.run({ a: one, b: { c: pair } });
    expect(a.toFixed(1)).toBe('1.0'); // a fetched scalar is typed as a number
    expect(b.c.data).toEqual(new Float32Array([2, 3])); // and an array as an array
    expect(await session.run([])).toEqual([]);
  });

  it('may be names', async () => {
    const { session } = sessionOn(() => constant(1, { name: 'one' }));
    expect(await session.run(['one:0', 'one'])).toEqual([1, null]);
  });

  it.each([
    ['a name that is not there', 'two:0', NotFoundError, "no operation named 'two'"],
    ['a value', [1], InvalidArgumentError, 'fetches[0] is neither a tensor nor an operation nor the name of one: 1'],
    [
      'a promise',
      { a: Promise.resolve() },
      InvalidArgumentError,
      'fetches.a is neither .* a promise \\(is an await missing\\?\\)',
    ],
  ])('refuse %s and leave the session usable', async (_what, fetches, error, message) => {
    const { session, built } = sessionOn(() => constant(1));
    const run = session.run(fetches);
    await expect(run).rejects.toBeInstanceOf(error);
    await expect(run).rejects.toThrow(new RegExp(message.replace(/[[\]]/g, '\\$&')));
    expect(await session.run(built)).toBe(1);
  });

  it("refuse another graph's tensors", async () => {
    const { session } = sessionOn(() => constant(1));
    const { built: foreign } = sessionOn(() => constant(2));
    await expect(session.run(foreign)).rejects.toThrow('belongs to another graph');
  });
});

describe('feeds', () => {
  it('take nested arrays, typed arrays, host arrays and numbers, as a Map or as pairs', async () => {
    const { session, built } = sessionOn(() => {
      const x = placeholder('float32', [null, 2]);
      const scale = placeholder('float32', []);
      return { x, scale, y: applyOne<'float32', 'array'>('Mul', [x, scale]) };
    });
    const { x, scale, y } = built;
    const expected = new Float32Array([2, 4, 6, 8]);
    for (const value of [
      [
        [1, 2],
        [3, 4],
      ],
      new Float32Array([1, 2, 3, 4]),
      new HostArray('float32', [2, 2], new Float32Array([1, 2, 3, 4])),
    ]) {
      expect(
        (
          await session.run(y, [
            [x, value],
            [scale, 2],
          ])
        ).data,
      ).toEqual(expected);
      expect(
        (
          await session.run(
            y,
            new Map<Tensor, typeof value | number>([
              [x, value],
              [scale, 2],
            ]),
          )
        ).data,
      ).toEqual(expected);
    }
  });

  it('may take the place of any tensor', async () => {
    const { session, built } = sessionOn(() => {
      const a = constant(1);
      return { a, b: identity(a), c: placeholderWithDefault(7, []) };
    });
    expect(await session.run(built.b, [[built.a, 5]])).toBe(5);
    expect(await session.run([built.c, built.b])).toEqual([7, 1]);
    expect(await session.run(built.c, [[built.c.name, 8]])).toBe(8);
  });

  it.each<[string, unknown, RegExp]>([
    ['the wrong shape', [[1, 2, 3]], /feeding 'x:0': it takes the shape \[2, 2\], got an array of shape \[1, 3\]/],
    ['the wrong number of elements', new Float32Array(3), /it takes the shape \[2, 2\], got an array of shape \[3\]/],
    [
      'what its dtype does not hold',
      Float64Array.of(0, 1e300, 0, 0),
      /feeding 'x:0': expected float32, got an array of float64 whose element 1/,
    ],
    [
      'ragged arrays',
      [[1, 2], [3]],
      /nested arrays must be rectangular: expected an array of 2 at depth 1, got an array of 1/,
    ],
    [
      'text',
      [
        ['1', 2],
        [3, 4],
      ],
      /expected float32, got '1'/,
    ],
    ['nothing', undefined, /feeding 'x:0': expected float32, got undefined/],
    ['a tensor', 'tensor', /can't be fed with the tensor/],
  ])('refuse %s, naming the tensor, and leave the session usable', async (_what, value, message) => {
    const { session, built } = sessionOn(() => {
      const x = placeholder('float32', [2, 2], { name: 'x' });
      return { x, y: identity(x) };
    });
    const { x, y } = built;
    const run = session.run(y, [[x, (value === 'tensor' ? y : value) as number]]);
    await expect(run).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(run).rejects.toThrow(message);
    expect(
      (
        await session.run(y, [
          [
            x,
            [
              [1, 2],
              [3, 4],
            ],
          ],
        ])
      ).data,
    ).toEqual(new Float32Array([1, 2, 3, 4]));
  });

  it('free what was copied of them when the next one has changed so that it can no longer be', () => {
    const { session, built } = sessionOn(() => [placeholder('float32'), placeholder('float32')] as const);
    const [a, b] = built;
    const changed = new HostArray('float32', [2], Float32Array.of(1, 2));
    (changed.shape as number[])[0] = 1000;
    const freed = vi.spyOn(capi(), 'deleteTensor');
    const feeds = [
      [a, [1, 2]],
      [b, changed],
    ] as const;
    expect(() => session.runSync(identity(a), feeds)).toThrow('shape [1000] holds 1000 elements, but the data has 2');
    expect(freed).toHaveBeenCalledOnce();
    freed.mockRestore();
  });

  it('refuse what is no feed dict, twice the same tensor, and a tensor of another graph', async () => {
    const { session, built: x } = sessionOn(() => placeholder('float32', [], { name: 'x' }));
    const { built: foreign } = sessionOn(() => constant(2));
    await expect(session.run(x, { x: 1 } as never)).rejects.toThrow('feeds are a Map or an iterable');
    await expect(session.run(x, [x, 1] as never)).rejects.toThrow('feeds are pairs');
    await expect(
      session.run(x, [
        [x, 1],
        [x, 2],
      ]),
    ).rejects.toThrow("'x:0' is fed twice");
    await expect(session.run(x, [[foreign, 1]])).rejects.toThrow('belongs to another graph');
    await expect(session.run(x, [['y:0', 1]])).rejects.toThrow("no operation named 'y'");
  });

  it('are missed by name where a placeholder needs one, with the line that made it', async () => {
    const { session, built: x } = sessionOn(() => placeholder('float32', [2], { name: 'x' }));
    await expect(session.run(identity(x))).rejects.toThrow(
      /You must feed a value for placeholder tensor 'x'.*operation 'x' was built at .*session\.test\.ts:\d+/s,
    );
  });
});

describe('values of every dtype', () => {
  it.each([
    ['float32', [1.5, -2], new Float32Array([1.5, -2])],
    ['float64', [1.5, -2], new Float64Array([1.5, -2])],
    ['int32', [1, -2], new Int32Array([1, -2])],
    ['uint32', [1, 2 ** 32 - 1], new Uint32Array([1, 2 ** 32 - 1])],
    ['int16', [1, -2], new Int16Array([1, -2])],
    ['uint16', [1, 65535], new Uint16Array([1, 65535])],
    ['int8', [1, -128], new Int8Array([1, -128])],
    ['uint8', [1, 255], new Uint8Array([1, 255])],
    ['int64', [1n, -(2n ** 63n)], new BigInt64Array([1n, -(2n ** 63n)])],
    ['uint64', [1n, 2n ** 64n - 1n], new BigUint64Array([1n, 2n ** 64n - 1n])],
    ['bool', [true, false], new Uint8Array([1, 0])],
  ] as const)('%s come back as they were fed', async (dtype, fed, data) => {
    const { session, built } = sessionOn(() => {
      const x = placeholder(dtype, [null]);
      const x0 = placeholder(dtype, []);
      return { x, y: identity(x), x0, y0: identity(x0) };
    });
    const [array, scalar] = await session.run(
      [built.y, built.y0],
      [
        [built.x, [...fed]],
        [built.x0, fed[1]],
      ],
    );
    expect(array).toMatchObject({ dtype, shape: [2], data });
    expect(array.toArray()).toEqual([...fed]);
    expect(scalar).toBe(fed[1]);
  });

  it('strings come back as their bytes, long and short, UTF-8 or not', async () => {
    const { session, built } = sessionOn(() => {
      const x = placeholder('string', [null]);
      return { x, y: identity(x) };
    });
    const values = ['', 'héllo', 'x'.repeat(100_000), Buffer.from([0, 255, 0])];
    const { data } = await session.run(built.y, [[built.x, values]]);
    expect(data.map((bytes) => bytes.length)).toEqual([0, 6, 100_000, 3]);
    expect(data.map(String).slice(0, 2)).toEqual(['', 'héllo']);
    expect(data[3]).toEqual(Buffer.from([0, 255, 0]));
  });

  it.each([
    ['int32', 1.5],
    ['uint8', 256],
    ['int64', 2n ** 63n],
    ['bool', 1],
    ['string', 1],
  ] as const)('%s refuse what they cannot hold: %s', async (dtype, value) => {
    const { session, built } = sessionOn(() => placeholder(dtype, []));
    await expect(session.run(identity(built as Tensor), [[built as Tensor, value]])).rejects.toThrow(
      `expected ${dtype}, got ${value}`,
    );
  });

  it('empty arrays keep their shape', async () => {
    const { session, built: x } = sessionOn(() => placeholder('float32', [null, 3]));
    expect(await session.run(identity(x), [[x, new HostArray('float32', [0, 3], new Float32Array())]])).toMatchObject({
      shape: [0, 3],
    });
  });

  it('that JavaScript holds no array of are messages for who asks for such, and are fed as numbers that are rounded', async () => {
    const { session, built } = sessionOn(() => {
      const half = placeholder('float16', [null]);
      return {
        half,
        single: applyOne('Cast', [half], { DstT: 'float32' }),
        complex: applyOne('Cast', [constant([1, 2])], { DstT: 'complex64' }),
      };
    });
    expect(await session.run(built.single, [[built.half, [0.1, -65504]]])).toEqual(
      new HostArray('float32', [2], Float32Array.of(0.0999755859375, -65504)),
    );
    const [complex] = await session.runForMessages([built.complex]);
    expect(complex).toMatchObject({ dtype: 8, tensorShape: { dim: [{ size: 2 }] } });
    expect((complex!.tensorContent as Uint8Array).byteLength).toBe(16);
    expect(session.environment).toEqual({ isLocal: true, config: {} });
  });

  it('that JavaScript holds no array of are a clear error', async () => {
    const { session, built: half } = sessionOn(() => applyOne('Cast', [constant(1)], { DstT: 'float16' }));
    await expect(session.run(half)).rejects.toThrow("a value of dtype float16 can't be held by JavaScript");
  });
});

describe('a session', () => {
  const counter = () =>
    sessionOn(() => {
      const count = new Variable(0, { dtype: 'int32', name: 'count' });
      return { count, next: assignAdd(count, 1, { useLocking: true }) };
    });

  it('keeps the values of variables, which need one first', async () => {
    const { session, built } = counter();
    await expect(session.run(built.next)).rejects.toBeInstanceOf(FailedPreconditionError);
    await expect(session.run(built.next)).rejects.toThrow(/uninitialized value count/);
    await session.run(built.count.initializer);
    expect(session.runSync(built.next)).toBe(1);
    expect(await session.run(built.next)).toBe(2);
    expect(await session.run(built.count)).toBe(2);
    const other = new Session({ graph: session.graph });
    await other.run(built.count.initializer);
    expect(await other.run(built.count)).toBe(0);
  });

  it('runs operations that are added after its first run', async () => {
    const { session, built: one } = sessionOn(() => constant(1));
    await session.run(one);
    expect(await session.run(session.graph.asDefault(() => applyOne('Add', [one, 2])))).toBe(3);
  });

  it('leaves the event loop free while it runs, and runs several at once', async () => {
    const { session, built } = counter();
    await session.run(built.count.initializer);
    const values = await Promise.all(Array.from({ length: 50 }, () => session.run(built.next)));
    expect(values).toHaveLength(50);
    expect(await session.run(built.count)).toBe(50);
  });

  it('runs nothing after it was closed', async () => {
    const { session, built } = counter();
    await session.run(built.count.initializer);
    await session.close();
    await session.close();
    expect(session.closed).toBe(true);
    expect(() => session.runSync(built.count)).toThrow(FailedPreconditionError);
    await expect(session.run(built.count)).rejects.toThrow('the session is closed');
  });

  /** A tensor that never comes: the front of an empty queue. */
  const never = (graph: Graph): Scalar => {
    const queue = graph.createOperation('FIFOQueueV2', [], { component_types: ['float32'], capacity: 1 }) as Operation;
    return graph.createOperation('QueueDequeueV2', [queue.outputs[0]!], { component_types: ['float32'] })
      .outputs[0]! as Scalar;
  };

  it('gives up a run after timeoutInMs and goes on', async () => {
    const { session, built } = sessionOn((graph) => ({ never: never(graph), one: constant(1) }));
    const begin = performance.now();
    await expect(session.run(built.never, [], { options: { timeoutInMs: 100 } })).rejects.toBeInstanceOf(
      DeadlineExceededError,
    );
    expect(() => session.runSync(built.never, [], { options: { timeoutInMs: 100 } })).toThrow(DeadlineExceededError);
    expect(performance.now() - begin).toBeGreaterThan(190);
    expect(await session.run(built.one)).toBe(1);
  });

  it('cancels what runs when it is closed', async () => {
    const { session, built } = sessionOn(never);
    const run = session.run(built);
    const outcome = expect(run).rejects.toBeInstanceOf(CancelledError);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await session.close();
    await outcome;
  });

  it('fills RunMetadata with what a traced run did', async () => {
    const { session, built } = sessionOn(() =>
      applyOne('MatMul', [[[1, 2]], placeholder('float32', [2, 1], { name: 'x' })], {}, 'product'),
    );
    const runMetadata = new RunMetadata();
    await session.run(built, [['x:0', [[1], [2]]]], { options: { traceLevel: 'FULL_TRACE' }, runMetadata });
    const nodes =
      runMetadata.stepStats?.devStats.flatMap(({ nodeStats }) => nodeStats.map(({ nodeName }) => nodeName)) ?? [];
    expect(nodes).toContain('product');
  });

  it('refuses a trace level that there is none of', async () => {
    const { session, built } = sessionOn(() => constant(1));
    await expect(session.run(built, [], { options: { traceLevel: 'FULL' as never } })).rejects.toThrow(
      "traceLevel is one of NO_TRACE, SOFTWARE_TRACE, HARDWARE_TRACE, FULL_TRACE, not 'FULL'",
    );
  });

  it('lists its devices', () => {
    const { session } = sessionOn(() => constant(1));
    expect(session.listDevices()).toContainEqual({ name: '/job:localhost/replica:0/task:0/device:CPU:0', type: 'CPU' });
  });

  it('obeys its configuration, and refuses one that is none', async () => {
    const { graph, built } = sessionOn(() => constant(1));
    const session = new Session({ graph, config: { deviceCount: { CPU: 2 }, intraOpParallelismThreads: 2 } });
    expect(await session.run(built)).toBe(1);
    expect(session.listDevices()).toHaveLength(2);
    expect(session.threads).toMatchObject({ intraOp: 2, reason: 'as the configuration says' });
    expect(() => new Session({ config: { intraOpParallelismThreads: 'two' as never } })).toThrow(InvalidArgumentError);
  });

  it('places operations softly only where the configuration allows it', async () => {
    const { graph, built } = sessionOn((graph) => graph.device('/gpu:7', () => identity(constant(1))));
    await expect(new Session({ graph }).run(built)).rejects.toThrow(/Cannot assign a device/);
    expect(await new Session({ graph, config: { allowSoftPlacement: true } }).run(built)).toBe(1);
  });

  it('chooses one thread for small operations and every core for large ones', () => {
    const small = sessionOn(() =>
      applyOne('MatMul', [placeholder('float32', [100, 784]), placeholder('float32', [784, 128])]),
    );
    expect(small.session.threads).toMatchObject({ intraOp: 1, interOp: -1 });
    const large = sessionOn(() =>
      applyOne('Conv2D', [placeholder('float32', [8, 28, 28, 1]), placeholder('float32', [5, 5, 1, 4])], {
        strides: [1, 1, 1, 1],
        padding: 'SAME',
      }),
    );
    const { intraOp, interOp, reason } = large.session.threads;
    expect(intraOp).toBe(interOp === -1 ? 1 : interOp);
    expect(reason).toMatch(intraOp > 1 ? /every core, for Conv2D/ : /one thread/);
  });
});

describe('a session that is restarted', () => {
  const drawing = () =>
    sessionOn((graph) => {
      graph.seed = 1;
      const weights = new Variable(randomUniform([3]), { name: 'weights' });
      return { weights, init: weights.initializer, noise: randomUniform([]) };
    });

  it('draws again what it drew at first, where a second run of the initializer draws other values', async () => {
    const { session, built } = drawing();
    const trained = async () => {
      const [weights, noise] = await session.run([built.weights, built.noise]);
      return [...weights.data, noise];
    };
    await session.run(built.init);
    const first = await trained();
    await session.run(built.init);
    expect(await trained()).not.toEqual(first);
    for (let i = 0; i < 3; i++) {
      await session.restart(built.init);
      expect(await trained()).toEqual(first);
    }
  });

  it('has no values until it is initialized', async () => {
    const { session, built } = drawing();
    await session.run(built.init);
    await session.restart();
    await expect(session.run(built.weights)).rejects.toThrow(FailedPreconditionError);
  });

  it('has sets of examples begin anew with it', async () => {
    const { session, built } = drawing();
    const reset = vi.fn();
    await session.restart(built.init, { reset }, { reset });
    expect(reset).toHaveBeenCalledTimes(2);
  });

  it('is as it was where something can not begin anew', async () => {
    const { session, built } = drawing();
    await session.run(built.init);
    const weights = await session.run(built.weights);
    const reset = vi.fn();
    await expect(session.restart(built.init, { reset }, {} as never)).rejects.toThrow('reset of what begins anew');
    await expect(session.restart('none', { reset })).rejects.toThrow(NotFoundError);
    expect(reset).not.toHaveBeenCalled();
    expect(await session.run(built.weights)).toEqual(weights);
    await session.close();
    await expect(session.restart(built.init)).rejects.toThrow('the session is closed');
  });
});

describe.runIf(existsSync('/proc/self/task'))('sessions that are dropped unclosed', () => {
  it('let go of their threads', async () => {
    const threads = () => readdirSync('/proc/self/task').length;
    const before = threads();
    for (let i = 0; i < 300; i++) {
      const graph = new Graph();
      new Session({ graph }).runSync(graph.asDefault(() => constant(i)));
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(threads() - before).toBeLessThan(250);
  });
});

it('frees the feeds that were copied before one that can not be', async () => {
  const { session, built } = sessionOn(() => [placeholder('float32', [2]), placeholder('float32', [2])] as const);
  const [a, b] = built;
  const changed = new HostArray('float32', [2], Float32Array.of(3, 4));
  structuredClone(changed.data, { transfer: [changed.data.buffer] }); // takes its memory away
  const allocate = vi.spyOn(capi(), 'allocateTensor');
  const free = vi.spyOn(capi(), 'deleteTensor');
  try {
    const feeds = [
      [a, [1, 2]],
      [b, changed],
    ] as const;
    expect(() => session.runSync(built, feeds)).toThrow(InvalidArgumentError);
    await expect(session.run(built, feeds)).rejects.toThrow(InvalidArgumentError);
    expect(allocate).toHaveBeenCalledTimes(2);
    expect(free.mock.calls.flat()).toEqual(allocate.mock.results.map(({ value }) => value));
  } finally {
    allocate.mockRestore();
    free.mockRestore();
  }
});
