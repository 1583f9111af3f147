import { describe, expect, it } from 'vitest';
import { data, tf } from '../index';

type Callable = (...given: unknown[]) => unknown;

/** Public functions and classes that take no options: whoever adds a name either refuses options that it hasn't, or says so here. */
const WITHOUT_OPTIONS = new Set(
  `Graph getDefaultGraph resetDefaultGraph Operation Tensor HostArray hostArray registerGradient setRandomSeed mergeAllSummaries
   variableFromProto globalVariables trainableVariables localVariables ConfigProto GPUOptions RunMetadata RunOptions nameScope device
   controlDependencies colocateWith addToCollection getCollection isHostDType IndexedSlices IndexedSlicesValue
   train.checkpointExists train.getCheckpointMtimes train.removeCheckpoint train.CheckpointReader train.listVariables
   train.loadCheckpoint train.loadVariable train.getCheckpointState train.latestCheckpoint train.Optimizer train.createGlobalStep
   train.getGlobalStep train.getOrCreateGlobalStep train.globalStep train.summaryIterator`.split(/\s+/),
);

/** Whether a call with an option that nobody has, behind some number of operands, is refused for it. */
async function refuses(called: Callable): Promise<boolean> {
  const isClass = /^class\b/.test(Function.prototype.toString.call(called));
  const graph = new tf.Graph();
  const operands = graph.asDefault(() => [tf.constant([1, 2]), tf.constant(1), [3], tf.constant([[1]])]);
  // Seven operands at most: tf.nn.batchNormalization has six.
  for (let count = 0; count < 8; count++) {
    const given = [...[...operands, ...operands].slice(0, count), { nonsense: 1 }];
    try {
      await graph.asDefault(() => {
        const result = isClass ? Reflect.construct(called, given) : called(...given);
        return result instanceof Promise ? { result } : undefined;
      })?.result;
    } catch (error) {
      if (error instanceof tf.errors.InvalidArgumentError && /there is no option 'nonsense'/.test(error.message))
        return true;
    }
  }
  return false;
}

const houses = { '': tf, 'nn.': tf.nn, 'train.': tf.train, 'summary.': tf.summary, 'data.': { DataSet: data.DataSet } };
const functions = Object.entries(houses).flatMap(([house, names]) =>
  Object.entries(names)
    .filter(([name, value]) => typeof value === 'function' && !WITHOUT_OPTIONS.has(house + name))
    .map(([name, value]) => [house + name, value as Callable] as const),
);

describe('An option that nobody has', () => {
  it.each(functions)('is refused by %s', async (_name, called) => {
    expect(await refuses(called)).toBe(true);
  });

  it('is refused in a configuration, in options of a run and beside them, with the path to it', () => {
    const session = (config: unknown) => new tf.Session({ config: config as tf.ConfigProto });
    expect(() => session({ intraOpParalelismThreads: 1 })).toThrow("did you mean 'intraOpParallelismThreads'?");
    expect(() => session({ gpuOptions: { allowGroth: true } })).toThrow("did you mean 'gpuOptions.allowGrowth'?");
    expect(() => session('x')).toThrow('options are an object');
    const graph = new tf.Graph();
    const one = graph.asDefault(() => tf.constant(1));
    const run = (parameters: unknown) => new tf.Session({ graph }).runSync(one, [], parameters as object);
    expect(() => run({ option: {} })).toThrow("did you mean 'options'?");
    expect(() => run({ options: { timeoutInMillis: 1 } })).toThrow("there is no option 'timeoutInMillis'");
    expect(run({ options: { timeoutInMs: 1000 } })).toBe(1);
  });
});

describe('Operations and tensors', () => {
  it('are made by graphs alone: an address that is none would end the process', () => {
    const graph = new tf.Graph();
    const { op } = graph.asDefault(() => tf.constant(1));
    const make =
      (type: unknown, ...given: unknown[]) =>
      () =>
        Reflect.construct(type as Callable, given);
    for (const pointer of [undefined, 0n, 1n, op.pointer, {}])
      expect(make(tf.Operation, graph, pointer)).toThrow('operations are made by builders');
    for (const given of [[], [{}], [{ pointer: 1n }, 0], [op, -1], [op, 1], [op, 0.5]])
      expect(make(tf.Tensor, ...given)).toThrow('tensors are made by builders');
  });
});
