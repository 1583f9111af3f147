/** All that a program can reach from `tf-mechanics`, for tests that try all of it. */
import path from 'node:path';
import * as library from '../lib/src';
import { data, hyperparameters, LiveChart, models, plot, tf } from '../lib/src';

export type Callable = (...given: unknown[]) => unknown;

export const isClass = (value: unknown) => /^class\b/.test(Function.prototype.toString.call(value));

/** Functions, classes and constants by their full names, `tf.nn.relu`. */
export function publicValues(names: object = library, prefix = ''): [name: string, value: unknown][] {
  return Object.entries(names).flatMap(([name, value]): [string, unknown][] =>
    Object.prototype.toString.call(value) === '[object Module]'
      ? publicValues(value, `${prefix}${name}.`)
      : [[prefix + name, value]],
  );
}

/** All of them that a program can call, those that belong to a function too: `display.audio`. Errors are left out. */
export function publicFunctions(): [name: string, called: Callable][] {
  const functionsOf = ([name, value]: [string, unknown]): [string, Callable][] => {
    if (typeof value !== 'function') return [];
    const members = isClass(value) ? [] : publicValues(value, `${name}.`);
    return [[name, value as Callable], ...members.flatMap(functionsOf)];
  };
  return publicValues()
    .filter(([name]) => !name.startsWith('tf.errors.'))
    .flatMap(functionsOf);
}

/** An instance of every public class that has methods, and those of its methods that take no options. */
export const instances: Readonly<Record<string, readonly [make: () => object, withoutOptions: string]>> = {
  'data.DataSet': [
    () => new data.DataSet(tf.hostArray([[1]], 'uint8'), tf.hostArray([1], 'int32')),
    'reset slice nextRows take',
  ],
  'data.Normalization': [() => new data.Normalization({ x: { mean: [0], std: [1] } }), 'toJSON apply invert'],
  'data.Random': [() => new data.Random(1), 'uint32 below shuffle'],
  'hyperparameters.Distribution': [() => hyperparameters.space.uniform(0, 1), 'draw'],
  'models.FullyConnected': [
    () => new models.FullyConnected({ fakeData: true, maxIter: 0, resultDir: 'x' }),
    `buildNetwork buildGraph prepare describeData learnFromEpoch evaluate infer setAgentProps initialized save writer close loadData readExamples digitModel
     checkData signature
     predictionOf tagsOf evaluationOf normalized columnsOf finish checkSet describeEvaluation`,
  ],
  Figure: [() => plot.line([1]), 'show toPng toHtml save'],
  LiveChart: [() => new LiveChart(), 'add done figure'],
  'tf.Graph': [
    () => new tf.Graph(),
    `getOperationByName getTensorByName operationAt definition asDefault nameScope uniqueName device controlDependencies colocateWith
     addToCollection addToCollections getCollection getCollectionRef clearCollection getAllCollectionKeys finalize unfinalize toGraphDef adoptNew
     checkOwns initScope besideFuture`,
  ],
  'tf.PartitionedVariable': [() => tf.getVariable('w', [2], { partitioner: tf.fixedSizePartitioner(2) }), 'asTensor'],
  'tf.VariableScope': [() => tf.getVariableScope(), 'reuseVariables'],
  'tf.DeviceSpec': [() => new tf.DeviceSpec(), 'makeMergedSpec'],
  'tf.train.GreedyLoadBalancingStrategy': [() => new tf.train.GreedyLoadBalancingStrategy(2, () => 1), 'choose'],
  'tf.train.RandomStrategy': [() => new tf.train.RandomStrategy(2), 'choose'],
  'tf.Operation': [() => tf.constant(1).op, 'getAttribute toNodeDef colocationGroups'],
  'tf.Tensor': [() => tf.constant(1), 'setShape consumers value'],
  'tf.HostArray': [() => tf.hostArray([1]), 'at toArray reshape toTensor toJSON'],
  'tf.ragged.RaggedTensorValue': [
    () => new tf.ragged.RaggedTensorValue(tf.hostArray([1]), [tf.hostArray([0, 1], 'int64')]),
    'toList',
  ],
  'tf.timeline.Timeline': [
    () =>
      new tf.timeline.Timeline({
        devStats: [{ device: 'x', nodeStats: [{ nodeName: 'x', allStartNanos: 1, timelineLabel: '', memory: [] }] }],
      } as never),
    '',
  ],
  'tf.summary.FileWriter': [
    () => new tf.summary.FileWriter('x'),
    'getLogdir scalar histogram text figure addGraph flush close reopen',
  ],
  'tf.summary.EventReader': [() => new tf.summary.EventReader('nowhere'), 'toArray'],
  'tf.train.GradientDescentOptimizer': [
    () => new tf.train.GradientDescentOptimizer(0.1),
    'prepare applyGradient sumRows createSlots applyKernel finish getSlot getSlotNames variables makeSlot slot',
  ],
  'tf.train.Scaffold': [() => new tf.train.Scaffold(), 'finalize'],
  'tf.train.SecondOrStepTimer': [
    () => new tf.train.SecondOrStepTimer({ everySteps: 1 }),
    'reset shouldTriggerForStep updateLastTriggeredStep lastTriggeredStep',
  ],
  'tf.train.SessionManager': [() => new tf.train.SessionManager(), ''],
  'tf.train.ChiefSessionCreator': [() => new tf.train.ChiefSessionCreator(), 'manager createSession'],
  'tf.train.SessionRunHook': [() => new tf.train.SessionRunHook(), 'begin afterCreateSession beforeRun afterRun end'],
  'tf.train.SessionRunContext': [
    () => new tf.train.SessionRunContext(new tf.train.SessionRunArgs(null), new tf.Session()),
    'requestStop',
  ],
  'tf.train.CheckpointSaverListener': [() => new tf.train.CheckpointSaverListener(), 'begin beforeSave afterSave end'],
  'tf.train.Saver': [
    () => new tf.train.Saver([new tf.Variable(1)]),
    'toProto restore restoreSync setLastCheckpoints recoverLastCheckpoints',
  ],
  'tf.train.ClusterSpec': [
    () => new tf.train.ClusterSpec({}),
    'numTasks taskIndices taskAddress jobTasks asDict asClusterDef toString',
  ],
  'tf.train.Server': [() => tf.train.Server.createLocalServer({ start: false }), 'start join stop'],
  'tf.train.ExponentialMovingAverage': [
    () => new tf.train.ExponentialMovingAverage(0.9),
    'apply average averageName variablesToRestore',
  ],
  'tf.train.CheckpointReader': [
    () => new tf.train.CheckpointReader(path.join(__dirname, 'imported/resource-v2')),
    'hasTensor getVariableToShapeMap getVariableToDtypeMap getTensor',
  ],
  'tf.FIFOQueue': [() => new tf.FIFOQueue(1, 'float32', { shapes: [[]] }), ''],
  'tf.ConditionalAccumulator': [() => new tf.ConditionalAccumulator('float32'), 'step whole checkRequired'],
  'tf.SparseConditionalAccumulator': [
    () => new tf.SparseConditionalAccumulator('float32'),
    'step whole checkRequired numbers',
  ],
  'tf.train.Coordinator': [
    () => new tf.train.Coordinator(),
    'shouldStop requestStop clearStop stopOnException waitForStop stopOr registerThread raiseRequestedException',
  ],
  'tf.train.SyncReplicasOptimizer': [
    () => new tf.train.SyncReplicasOptimizer(new tf.train.GradientDescentOptimizer(0.1), 2),
    `prepare applyGradient getChiefQueueRunner getInitTokensOp makeSessionRunHook makeExactHook getSlot getSlotNames variables sumRows createSlots
     applyKernel finish makeSlot slot`,
  ],
  'tf.train.QueueRunner': [
    () => {
      const queue = new tf.FIFOQueue(1, 'float32');
      return new tf.train.QueueRunner(queue, [queue.enqueue(1)]);
    },
    'toProto',
  ],
  'tf.savedModel.Builder': [() => new tf.savedModel.Builder('nowhere'), ''],
  'tf.Variable': [() => new tf.Variable(1), 'setShape consumers value initializedValue toProto'],
  'tf.Session': [() => new tf.Session(), 'listDevices close restart runInBackground runForMessages'],
};

/** Names of methods, those of base classes included. */
export function methodsOf(prototype: object): string[] {
  if (prototype === Object.prototype) return [];
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
    ([, { value }]) => typeof value === 'function',
  );
  return [...own.map(([name]) => name), ...methodsOf(Object.getPrototypeOf(prototype))];
}

export const classNamed = (name: string) =>
  name.split('.').reduce((names: object, part) => Reflect.get(names, part), library) as unknown as {
    prototype: object;
  };
