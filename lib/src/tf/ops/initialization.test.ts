import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tf } from '../..';
import { repetitions } from '../../testing/repetitions';

const THREADS = [1, 2, 8, -1];
/** With every setting of threads; `npm run soak` makes 1,000 sessions of each. */
const SESSIONS = repetitions(5, 1000);

/** Builds in a graph of its own, and checks what `check` says of what `init` leaves, in many sessions with many threads. */
async function initialized<T extends Record<string, tf.Tensor>>(
  build: () => T,
  check: (values: { [K in keyof T]: number[] }) => void,
  init: (built: T) => tf.Operation | readonly tf.Operation[] = () => tf.globalVariablesInitializer(),
): Promise<void> {
  const graph = new tf.Graph();
  const { built, initializer } = graph.asDefault(() => {
    const built = build();
    return { built, initializer: init(built) };
  });
  for (const interOpParallelismThreads of THREADS) {
    const config = { interOpParallelismThreads, intraOpParallelismThreads: 1 };
    for (let i = 0; i < SESSIONS; i++) {
      const session = new tf.Session({ graph, config });
      // A second time there are old values: none of them may be read.
      for (let again = 0; again < 2; again++) {
        session.runSync(initializer);
        const values = Object.entries(session.runSync(built)).map(([name, value]) => [name, flat(value)]);
        check(Object.fromEntries(values));
      }
      await session.close();
    }
  }
}

const flat = (value: unknown): number[] =>
  value instanceof tf.HostArray ? Array.from(value.data as Float32Array) : [value as number];
const doubled = (values: readonly number[]) => values.map((value) => 2 * value);

describe('A variable whose initial value reads another', () => {
  it('gets what is computed from the value that the other gets', async () => {
    await initialized(
      () => {
        const a = new tf.Variable(tf.randomNormal([64]));
        return { a, b: new tf.Variable(tf.mul(a, 2)) };
      },
      ({ a, b }) => expect(b).toEqual(doubled(a)),
    );
  });

  it('may be the second or the tenth of a chain', async () => {
    await initialized(
      () => {
        const first = new tf.Variable(tf.randomNormal([16]));
        let last = first;
        for (let i = 0; i < 9; i++) last = new tf.Variable(tf.add(last, first));
        return { first, last };
      },
      ({ first, last }) => {
        let sum = first.map(Math.fround);
        for (let i = 0; i < 9; i++) sum = sum.map((value, at) => Math.fround(value + first[at]!));
        expect(last).toEqual(sum);
      },
    );
  });

  it('may be a moving average', async () => {
    await initialized(
      () => {
        const weights = new tf.Variable(tf.truncatedNormal([784, 10]));
        const averages = new tf.train.ExponentialMovingAverage(0.99);
        averages.apply([weights]);
        return { weights, average: averages.average(weights)! };
      },
      ({ weights, average }) => expect(average).toEqual(weights),
    );
  });

  it('may read it through initializedValue, in a function, through other operations and by a convolution', async () => {
    await initialized(
      () => {
        const a = new tf.Variable(tf.randomNormal([1, 4, 4, 1]), { name: 'a' });
        const filter = new tf.Variable(tf.mul(tf.ones([1, 1, 1, 1]), 2), { name: 'filter' });
        return {
          a,
          plain: new tf.Variable(a.initializedValue()),
          inFunction: new tf.Variable(() => tf.identity(tf.identity(a))),
          stacked: new tf.Variable(tf.stack([a, a, a.initializedValue()])),
          parts: new tf.Variable(tf.concat(tf.split(a, 2, { axis: 1 }), 1)),
          convolved: new tf.Variable(tf.nn.conv2d(a, filter, { strides: [1, 1, 1, 1], padding: 'SAME' })),
        };
      },
      ({ a, plain, inFunction, stacked, parts, convolved }) => {
        for (const same of [plain, inFunction, parts]) expect(same).toEqual(a);
        expect(stacked).toEqual([...a, ...a, ...a]);
        expect(convolved).toEqual(doubled(a));
      },
    );
  });

  it('may read it where a condition is computed from it, and wait for what reads it', async () => {
    await initialized(
      () => {
        const a = new tf.Variable(tf.randomNormal([]), { name: 'a' });
        const b = new tf.Variable(tf.randomNormal([]), { name: 'b' });
        const graph = tf.getDefaultGraph();
        const one = (type: string, inputs: (tf.Tensor | tf.Tensor[])[]) => graph.createOperation(type, inputs).outputs;
        const larger = tf.greater(a, b) as tf.Tensor;
        const [, yes] = one('Switch', [a.value(), larger]);
        const [no] = one('RefSwitch', [b.op.outputs[0]!, larger]);
        const [greatest] = one('Merge', [[no!, yes!]]) as [tf.Tensor<'float32'>];
        greatest.setShape([]);
        const waiting = tf.controlDependencies([tf.identity(a)], () => tf.identity(tf.ones([1])));
        return { a, b, greatest: new tf.Variable(greatest), waiting: new tf.Variable(waiting) };
      },
      ({ a, b, greatest, waiting }) => {
        expect(greatest[0]).toBe(Math.max(a[0]!, b[0]!));
        expect(waiting).toEqual([1]);
      },
    );
  });

  it('may be in no collection, as may the other be', async () => {
    await initialized(
      () => {
        const a = new tf.Variable(tf.randomNormal([3]), { collections: [], trainable: false });
        return { a, b: new tf.Variable(tf.mul(a, 2), { collections: [], trainable: false }) };
      },
      ({ a, b }) => expect(b).toEqual(doubled(a)),
      ({ a, b }) => tf.variablesInitializer([b, a]),
    );
  });

  it('may be initialized beside it by the initializers of both', async () => {
    const graph = new tf.Graph();
    const { a, c, initializers } = graph.asDefault(() => {
      const a = new tf.Variable(tf.randomNormal([8]));
      const c = new tf.Variable(tf.mul(new tf.Variable(tf.mul(a, 2)), 2));
      return { a, c, initializers: tf.globalVariables().map(({ initializer }) => initializer) };
    });
    for (const interOpParallelismThreads of THREADS) {
      for (let i = 0; i < SESSIONS; i++) {
        const session = new tf.Session({ graph, config: { interOpParallelismThreads } });
        session.runSync(initializers);
        const [first, third] = session.runSync([a, c]);
        expect([...third.data]).toEqual([...first.data].map((value) => 4 * value));
        await session.close();
      }
    }
  });

  it('reads what the other holds when it is initialized alone later, and initializes alone when the other never was', () => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const a = new tf.Variable([1, 2]);
      const b = new tf.Variable(tf.mul(a, 2));
      const session = new tf.Session();
      session.runSync(b.initializer);
      expect([...session.runSync(b).data]).toEqual([2, 4]);
      session.runSync(a.initializer);
      session.runSync(a.assign([10, 20]));
      session.runSync(tf.variablesInitializer([b]));
      expect([...session.runSync(b).data]).toEqual([20, 40]);
    });
  });

  it('is initialized whatever reads what, in any order', () => {
    const reads = fc.array(fc.array(fc.nat(1000), { maxLength: 3 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(reads, fc.constantFrom(...THREADS), fc.infiniteStream(fc.nat(1000)), (nodes, threads, order) => {
        new tf.Graph().asDefault(() => {
          const variables: tf.Variable<'float32', tf.Rank>[] = [];
          for (const [i, node] of nodes.entries()) {
            const read = node.filter(() => i > 0).map((at) => variables[at % i]!);
            variables.push(new tf.Variable(read.length > 0 ? tf.addN(read) : tf.randomNormal([4])));
          }
          const shuffled = [...variables].sort(() => (order.next().value! % 3) - 1);
          const session = new tf.Session({ config: { interOpParallelismThreads: threads } });
          for (let again = 0; again < 2; again++) {
            session.runSync(tf.variablesInitializer(shuffled));
            const values = session.runSync(variables).map((value) => (value as tf.HostArray<'float32'>).data);
            for (const [i, node] of nodes.entries()) {
              if (i === 0 || node.length === 0) continue;
              for (let at = 0; at < 4; at++) {
                const sum = node.reduce((total, other) => total + values[other % i]![at]!, 0);
                expect(values[i]![at]).toBeCloseTo(sum, 3);
              }
            }
          }
          void session.close();
        });
      }),
      { numRuns: repetitions(15, 500) },
    );
  });
});

describe('A variable of a dtype', () => {
  it('takes numbers as of this dtype, and no tensor of another', () => {
    new tf.Graph().asDefault(() => {
      expect(new tf.Variable([1, 2], { dtype: 'int32' }).dtype).toBe('int32');
      expect(new tf.Variable(tf.zeros([2]), { dtype: 'float32' }).dtype).toBe('float32');
      for (const value of [tf.zeros([2]), () => tf.zeros([2])])
        expect(() => new tf.Variable(value, { dtype: 'int32' as never, name: 'w' })).toThrow(
          /^variable 'w(_1)?' is to be of 'int32', and its initial value is of float32/,
        );
    });
  });
});

describe('The graph of an initial value that reads a variable', () => {
  /** Names, types and inputs, as Python's graph has them. */
  const described = (build: () => void) => {
    const graph = new tf.Graph();
    graph.asDefault(build);
    return graph.operations
      .map((op) => {
        const { input = [], attr } = op.toNodeDef();
        const groups = (attr?._class?.list?.s ?? []).map((name) => Buffer.from(name).toString());
        return [op.name, op.type, ...input, ...groups].join(' ');
      })
      .sort();
  };

  it('has the operations that it has in Python', () => {
    const graph = described(() => {
      const a = new tf.Variable(tf.zeros([2]), { name: 'a' });
      new tf.Variable(tf.mul(a, 2, { name: 'mul' }), { name: 'b' });
    });
    expect(graph).toEqual(
      [
        'zeros Const',
        'a VariableV2',
        'a/Assign Assign a zeros loc:@a',
        'a/read Identity a loc:@a',
        'mul/y Const',
        'mul Mul a/read mul/y',
        'b VariableV2',
        'b/IsVariableInitialized IsVariableInitialized a loc:@a',
        'b/cond/Switch Switch b/IsVariableInitialized b/IsVariableInitialized',
        'b/cond/switch_t Identity b/cond/Switch:1',
        'b/cond/switch_f Identity b/cond/Switch',
        'b/cond/pred_id Identity b/IsVariableInitialized',
        'b/cond/read Identity b/cond/read/Switch:1',
        'b/cond/read/Switch RefSwitch a b/cond/pred_id loc:@a',
        'b/cond/Switch_1 Switch zeros b/cond/pred_id loc:@zeros',
        'b/cond/Merge Merge b/cond/Switch_1 b/cond/read',
        'a/read_b Identity b/cond/Merge loc:@a',
        'mul_b Mul a/read_b mul/y',
        'b/Assign Assign b mul_b loc:@b',
        'b/read Identity b loc:@b',
      ].sort(),
    );
  });

  it('of a moving average has the names that it has in Python', () => {
    const names = described(() => {
      const a = new tf.Variable(tf.zeros([2]), { name: 'a' });
      new tf.train.ExponentialMovingAverage(0.9).apply([a]);
    }).map((line) => line.replace(/ loc:.*/, ''));
    const average = 'a/ExponentialMovingAverage';
    expect(names).toEqual(
      expect.arrayContaining([
        'cond/Merge Merge cond/Switch_1 cond/read',
        `${average}/cond/Merge Merge ${average}/cond/Switch_1 ${average}/cond/read`,
        `cond/read/Switch_${average} Switch ${average}/cond/Merge cond/pred_id`,
        `cond/read_${average} Identity cond/read/Switch_${average}:1`,
        `cond/Merge_${average} Merge cond/Switch_1 cond/read_${average}`,
        `${average}/Assign Assign ${average} cond/Merge_${average}`,
      ]),
    );
    expect(names.filter((name) => name.startsWith('cond/') || name.startsWith(`${average}/`))).toHaveLength(22);
  });

  it('adds nothing where no variable is read', () => {
    const names = described(() => {
      new tf.Variable(tf.truncatedNormal([2, 3]), { name: 'w' });
      tf.globalVariablesInitializer();
    });
    expect(names.filter((name) => /cond|_w|_init/.test(name))).toEqual([]);
  });
});
