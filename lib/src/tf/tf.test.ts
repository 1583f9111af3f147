import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import * as tf from '.';

beforeEach(() => tf.resetDefaultGraph());

const value = <T extends tf.Tensor>(tensor: T) => new tf.Session({ graph: tensor.graph }).runSync(tensor);

describe('the functions of the default graph', () => {
  it('give what its methods give', () => {
    expect(tf.nameScope('hidden1', (scope) => [scope, tf.constant(1, { name: 'one' }).name])).toEqual([
      'hidden1/',
      'hidden1/one:0',
    ]);
    expect(tf.device('/cpu:0', () => tf.constant(1)).device).toBe('/device:CPU:0');
    const first = tf.constant(1, { name: 'first' });
    const beside = tf.colocateWith(first, () => tf.identity(first));
    expect(beside.op.colocationGroups()).toEqual(['loc:@first']);
    const after = tf.controlDependencies([first], () => tf.noOp());
    expect(after.controlInputs).toEqual([first.op]);
  });

  it('keep collections', () => {
    tf.addToCollection('losses', 'a');
    tf.addToCollection('losses', 'b');
    expect(tf.getCollection('losses')).toEqual(['a', 'b']);
    expect(tf.getCollection('nothing')).toEqual([]);
    expectTypeOf(tf.getCollection('nothing')).toEqualTypeOf<unknown[]>();
    expectTypeOf(tf.getCollection<tf.Tensor>('nothing')).toEqualTypeOf<tf.Tensor[]>();
    expectTypeOf(tf.getCollection(tf.GraphKeys.GLOBAL_VARIABLES)).toEqualTypeOf<tf.Variable[]>();
    expectTypeOf(tf.getCollection(tf.GraphKeys.LOSSES)).toEqualTypeOf<tf.Tensor[]>();
    expectTypeOf(tf.getCollection(tf.GraphKeys.SAVERS)).toEqualTypeOf<tf.train.Saver[]>();
    const graph = tf.getDefaultGraph();
    expectTypeOf(graph.getCollection(tf.GraphKeys.SUMMARIES)).toEqualTypeOf<tf.Tensor<'string', 'scalar'>[]>();
    expectTypeOf(graph.getCollectionRef('trainable_variables')).toEqualTypeOf<tf.Variable[]>();
    for (const key of Object.values(tf.GraphKeys)) expectTypeOf(key).toExtend<keyof tf.CollectionTypes>();
  });

  it('import graphs', () => {
    const other = new tf.Graph();
    other.asDefault(() => tf.constant(7, { name: 'seven' }));
    const [seven] = tf.importGraphDef(other.toGraphDef(), { returnElements: ['seven:0'], prefix: 'from' });
    expect(seven).toBeInstanceOf(tf.Tensor);
    expect((seven as tf.Tensor).op).toBeInstanceOf(tf.Operation);
    expect([(seven as tf.Tensor).name, value(seven as tf.Tensor)]).toEqual(['from/seven:0', 7]);
  });
});

describe('the names of dtypes', () => {
  it('are the strings that stand for them', () => {
    const named = {
      float16: tf.float16,
      bfloat16: tf.bfloat16,
      float32: tf.float32,
      float64: tf.float64,
      int8: tf.int8,
      int16: tf.int16,
      int32: tf.int32,
      int64: tf.int64,
      uint8: tf.uint8,
      uint16: tf.uint16,
      uint32: tf.uint32,
      uint64: tf.uint64,
      bool: tf.bool,
      string: tf.string,
      complex64: tf.complex64,
      complex128: tf.complex128,
    };
    for (const [name, dtype] of Object.entries(named)) expect(tf.placeholder(dtype as tf.DType, []).dtype).toBe(name);
  });
});

describe('a number as a shape', () => {
  it('is the shape of a vector of that size', () => {
    expect(tf.placeholder('int32', 100).shape).toEqual([100]);
    expect(tf.placeholderWithDefault([1, 2], 2).shape).toEqual([2]);
    expect(tf.zeros(3).shape).toEqual([3]);
    expect(tf.ones(2, { dtype: 'int32' }).shape).toEqual([2]);
  });
});

describe('second names', () => {
  it.each<[string, () => tf.Tensor, () => tf.Tensor]>([
    ['divide', () => tf.divide([7], [2]), () => tf.truediv([7], [2])],
    ['subtract', () => tf.subtract([7], [2]), () => tf.sub([7], [2])],
    ['multiply', () => tf.multiply([7], [2]), () => tf.mul([7], [2])],
    ['negative', () => tf.negative([7]), () => tf.neg([7])],
    ['floormod', () => tf.floormod([-7], [2]), () => tf.mod([-7], [2])],
    ['select', () => tf.select([true], [1], [2]), () => tf.where([true], [1], [2])],
    ['batchMatmul', () => tf.batchMatmul([[[2]]], [[[3]]]), () => tf.matmul([[[2]]], [[[3]]])],
    ['nn.sigmoid', () => tf.nn.sigmoid([0.5]), () => tf.sigmoid([0.5])],
    ['nn.softplus', () => tf.nn.softplus([0.5]), () => tf.softplus([0.5])],
    ['pack', () => tf.pack([[1], [2]]), () => tf.stack([[1], [2]])],
    ['unpack', () => tf.unpack([[1], [2]], { num: 2 })[1], () => tf.unstack([[1], [2]], { num: 2 })[1]],
    ['concat with the dimension first', () => tf.concat(1, [[[1]], [[2]]]), () => tf.concat([[[1]], [[2]]], 1)],
    ['range by position', () => tf.range(0, 9, 3), () => tf.range(0, 9, { delta: 3 })],
    [
      'sparseToDense by position',
      () => tf.sparseToDense([1], [3], 5, 2),
      () => tf.sparseToDense([1], [3], 5, { defaultValue: 2 }),
    ],
  ])('%s does what the first does', (_name, second, first) => {
    expect(value(second())).toEqual(value(first()));
  });

  it('initializeAllVariables initializes them', () => {
    const weights = new tf.Variable([1, 2]);
    const session = new tf.Session();
    session.runSync(tf.initializeAllVariables());
    expect(session.runSync(weights).toArray()).toEqual([1, 2]);
  });

  it('ConfigProto, GPUOptions and RunOptions are their fields', () => {
    const config = tf.ConfigProto({ intraOpParallelismThreads: 1, gpuOptions: tf.GPUOptions({ allowGrowth: true }) });
    expect(config).toEqual({ intraOpParallelismThreads: 1, gpuOptions: { allowGrowth: true } });
    expect(tf.RunOptions({ traceLevel: tf.RunOptions.FULL_TRACE })).toEqual({ traceLevel: 'FULL_TRACE' });
    expect(Object.keys(tf.TraceLevel)).toEqual(['NO_TRACE', 'SOFTWARE_TRACE', 'HARDWARE_TRACE', 'FULL_TRACE']);
    for (const name of Object.keys(tf.TraceLevel)) expect(tf.RunOptions).toHaveProperty(name, name);
    const session = new tf.Session();
    const one = tf.constant(1);
    const traced = (traceLevel: tf.RunOptions['traceLevel']) => {
      const runMetadata = new tf.RunMetadata();
      session.runSync(one, [], { options: tf.RunOptions({ traceLevel }), runMetadata });
      return runMetadata.stepStats?.devStats.length;
    };
    expect([traced(tf.TraceLevel.FULL_TRACE), traced('FULL_TRACE')]).toEqual([1, 1]);
    expect(traced(tf.TraceLevel.NO_TRACE)).toBeFalsy();
    expect(() => traced(9 as 3)).toThrow(
      'traceLevel is one of NO_TRACE, SOFTWARE_TRACE, HARDWARE_TRACE, FULL_TRACE, not 9',
    );
  });
});

describe('a cross entropy by position', () => {
  const logits = [
    [1, 2],
    [3, 0.5],
  ];
  const rows = [
    [0, 1],
    [1, 0],
  ];

  it.each<[string, () => tf.Tensor, () => tf.Tensor]>([
    [
      'softmax',
      () => tf.nn.softmaxCrossEntropyWithLogits(logits, rows),
      () => tf.nn.softmaxCrossEntropyWithLogits({ labels: rows, logits }),
    ],
    [
      'sparse softmax',
      () => tf.nn.sparseSoftmaxCrossEntropyWithLogits(logits, [1, 0], { name: 'xentropy' }),
      () => tf.nn.sparseSoftmaxCrossEntropyWithLogits({ labels: [1, 0], logits }),
    ],
    [
      'sigmoid',
      () => tf.nn.sigmoidCrossEntropyWithLogits(logits, rows),
      () => tf.nn.sigmoidCrossEntropyWithLogits({ labels: rows, logits }),
    ],
  ])('takes the logits first: %s', (_name, byPosition, byName) => {
    expect(value(byPosition())).toEqual(value(byName()));
  });

  it('says what it takes where one of the two is missing', () => {
    expect(() => tf.nn.softmaxCrossEntropyWithLogits(tf.constant(logits) as never)).toThrow(
      'softmaxCrossEntropyWithLogits takes { labels, logits }, or logits and labels in this order',
    );
  });
});

describe('concat', () => {
  it('says what it takes', () => {
    expect(() => tf.concat(1 as never, 2 as never)).toThrow(
      'concat takes an array of tensors and the dimension, not 1 and 2',
    );
  });
});

describe('a graph', () => {
  it('knows its scope, its definitions, and what belongs to it', () => {
    const graph = tf.getDefaultGraph();
    expect(graph.nameScope('a', () => graph.nameScope('b', () => graph.currentScope))).toBe('a/b');
    expect(graph.definition('MatMul').inputArg.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(() => graph.definition('Matmul')).toThrow(tf.errors.NotFoundError);
    const one = tf.constant(1, { name: 'one' });
    expect(graph.operationAt(one.op.pointer)).toBe(one.op);
    graph.adoptNew();
    expect(graph.operations.map(({ name }) => name)).toEqual(['one']);
    expect(() => graph.checkOwns(one)).not.toThrow();
    expect(() => new tf.Graph().checkOwns(one)).toThrow('belongs to another graph');
  });
});

describe('a host array', () => {
  it('is nested arrays in JSON', () => {
    const array = tf.hostArray([[1, 2]]);
    expect([array.toJSON(), JSON.stringify({ array })]).toEqual([[[1, 2]], '{"array":[[1,2]]}']);
  });
});

describe('an optimizer', () => {
  it('gives its slots by the variable and their names', () => {
    const weights = new tf.Variable([1, 2], { name: 'weights' });
    const optimizer = new tf.train.MomentumOptimizer(0.1, 0.9);
    optimizer.minimize(tf.reduceSum(tf.square(weights)));
    expect(optimizer).toBeInstanceOf(tf.train.Optimizer);
    expect(optimizer.getSlotNames()).toEqual(['momentum']);
    expect(optimizer.getSlot(weights, 'momentum')?.name).toBe('weights/Momentum:0');
    expect(optimizer.getSlot(weights, 'nothing')).toBeUndefined();
    const average = new tf.train.ExponentialMovingAverage(0.9);
    average.apply([weights]);
    expect(average.averageName(weights)).toBe('weights/ExponentialMovingAverage');
  });
});

describe('variables', () => {
  it('are assigned, and tell whether they have a value', () => {
    const weights = new tf.Variable([1, 2], { name: 'weights' });
    const initialized = tf.isVariableInitialized(weights);
    const session = new tf.Session();
    expect(session.runSync(initialized)).toBe(false);
    session.runSync(weights.initializer);
    expect(session.runSync(initialized)).toBe(true);
    expect(session.runSync(tf.assign(weights, [5, 7])).toArray()).toEqual([5, 7]);
    expect(session.runSync(tf.assignAdd(weights, [1, 1])).toArray()).toEqual([6, 8]);
    expect(session.runSync(tf.assignSub(weights, [2, 3])).toArray()).toEqual([4, 5]);
  });

  it('are listed by what they are for', () => {
    const weights = new tf.Variable([1, 2], { name: 'weights' });
    const step = new tf.Variable(0, { name: 'step', trainable: false });
    const local = new tf.Variable(3, { name: 'local', trainable: false, collections: ['local_variables'] });
    expect(tf.trainableVariables()).toEqual([weights]);
    expect(tf.globalVariables()).toEqual([weights, step]);
    expect(tf.localVariables()).toEqual([local]);
    const session = new tf.Session();
    const names = () => [...session.runSync(tf.reportUninitializedVariables()).data].map(String);
    expect(names()).toEqual(['weights', 'step', 'local']);
    session.runSync(tf.localVariablesInitializer());
    expect(names()).toEqual(['weights', 'step']);
    session.runSync(tf.globalVariablesInitializer());
    expect(names()).toEqual([]);
  });

  it('report what has no value in their own graph, whichever is the default', () => {
    const graph = new tf.Graph();
    const variables = graph.asDefault(() => ['a', 'b'].map((name) => new tf.Variable(1, { name })));
    const missing = tf.reportUninitializedVariables(variables);
    expect(missing.graph).toBe(graph);
    expect(tf.getDefaultGraph().operations).toEqual([]);
    const session = new tf.Session({ graph });
    session.runSync(variables[0]!.initializer);
    expect(session.runSync(missing).data.map(String)).toEqual(['b']);
  });

  it('are found again by what a MetaGraphDef says of them', () => {
    const weights = new tf.Variable([1, 2], { name: 'weights' });
    for (const again of [
      tf.variableFromProto(weights.toProto()),
      tf.variableFromProto(weights.graph, weights.toProto()),
    ])
      expect([again.name, again.initializer]).toEqual([weights.name, weights.initializer]);
    const { graph } = weights;
    expect(() => tf.variableFromProto(weights.toProto(), 'elsewhere')).toThrow(
      "no operation named 'elsewhere/weights'",
    );
    expect(() => new tf.Graph().asDefault(() => tf.variableFromProto(weights.toProto()))).toThrow(
      tf.errors.NotFoundError,
    );
    // @ts-expect-error names are texts
    expect(() => tf.variableFromProto(graph, { variableName: 1 })).toThrow(tf.errors.InvalidArgumentError);
  });
});

describe('event files', () => {
  it('are written under the name of TensorFlow 0.x, too, and read event by event', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'events-'));
    tf.constant(1, { name: 'one' });
    const session = new tf.Session();
    const writer = new tf.train.SummaryWriter(folder, { graphDef: session.graphDef });
    writer.addSessionLog({ status: 1 }, 0);
    writer.addRunMetadata(new tf.RunMetadata(), 'step1', 1);
    await writer.close();
    const events = tf.summary.readEvents(folder);
    expect(events).toBeInstanceOf(tf.summary.EventReader);
    const [version, graph, log, trace] = await events.toArray();
    expect(version?.fileVersion).toBe('brain.Event:2');
    const read = new tf.Graph();
    read.importGraphDef(graph!.graphDef!, { name: '' });
    expect(read.operations.map(({ name }) => name)).toEqual(['one']);
    expect(log?.sessionLog).toEqual(tf.summary.SessionLog.decode(tf.summary.SessionLog.encode({ status: 1 })));
    const tagged = tf.summary.TaggedRunMetadata.encode({ tag: 'step1', runMetadata: new Uint8Array() });
    expect(trace?.taggedRunMetadata).toEqual(tf.summary.TaggedRunMetadata.decode(tagged));
    rmSync(folder, { recursive: true });
  });
});
