// In a process of its own: it works in another folder.
/** Of everything public that takes options, none accepts one that it hasn't: what is misspelt would be an option that does nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { data, hyperparameters, models, plot, tf } from '../lib/src';
import { type Callable, classNamed, instances, isClass, methodsOf, publicFunctions } from './public';

/** Public functions and classes that take no options: whoever adds a name either refuses options that it hasn't, or says so here. */
const WITHOUT_OPTIONS = new Set(
  `data.parseIdx data.readIdx data.serializeIdx data.writeIdx data.Random data.fitNormalization data.Normalization data.classNumbers data.readExamples
   data.Normalization.fromJSON
   hyperparameters.halvingRungs hyperparameters.hyperbandBrackets hyperparameters.flatConfig hyperparameters.learningCurve
   hyperparameters.readResults hyperparameters.space.Distribution hyperparameters.space.uniform hyperparameters.space.logUniform
   hyperparameters.space.integer hyperparameters.space.choice hyperparameters.space.sample hyperparameters.space.describeSpace
   hyperparameters.Distribution hyperparameters.describeSpace hyperparameters.sample
   mnist.convnet.placeholderInputs mnist.convnet.loss mnist.convnet.evaluation mnist.placeholderInputs mnist.preloadedInputs mnist.doEval
   mnist.describeEvaluation mnist.batchesOf mnist.loss mnist.training mnist.evaluation mnist.variableSummaries
   models.key models.oneOf models.wholeNumber models.getModelClass models.modelNames models.registerModel models.trialsOf models.prepareImages
   models.readImages models.checkpointOfStep models.readConfigFile models.BasicAgent models.SupervisedAgent models.Classifier models.Regressor models.DigitClassifier
   observe.timeline display display.html display.markdown display.png Figure pca button controls output exercise exercises hint
   tf.Graph tf.getDefaultGraph tf.resetDefaultGraph tf.Operation tf.Tensor tf.HostArray tf.hostArray tf.registerGradient
   tf.setRandomSeed tf.mergeAllSummaries tf.variableFromProto tf.globalVariables tf.trainableVariables tf.localVariables
   tf.RunMetadata tf.nameScope tf.device tf.controlDependencies tf.colocateWith tf.addToCollection tf.getCollection
   tf.PartitionedVariable tf.VariableScope tf.getVariableScope
   tf.isHostDType tf.IndexedSlices tf.IndexedSlicesValue tf.SparseTensorValue tf.ragged.RaggedTensorValue tf.timeline.exportChromeTrace tf.timeline.Timeline
   tf.train.checkpointExists tf.train.getCheckpointMtimes tf.train.removeCheckpoint tf.train.CheckpointReader
   tf.train.listVariables tf.train.loadCheckpoint tf.train.loadVariable tf.train.getCheckpointState tf.train.latestCheckpoint
   tf.logging.getVerbosity tf.logging.setVerbosity tf.logging.debug tf.logging.info tf.logging.warn tf.logging.error
   tf.train.SessionRunArgs tf.train.SessionRunContext tf.train.SessionRunHook tf.train.SessionRunValues tf.train.CheckpointSaverListener
   tf.train.FeedFnHook tf.train.GlobalStepWaiterHook tf.train.NanLossDuringTrainingError
   tf.train.Optimizer tf.train.createGlobalStep tf.train.getGlobalStep tf.train.getOrCreateGlobalStep tf.train.globalStep
   tf.graphUtil.extractSubGraph tf.savedModel.inspect tf.savedModel.buildTensorInfo
   tf.savedModel.signatureDefUtils.buildSignatureDef tf.savedModel.signatureDefUtils.predictSignatureDef
   tf.savedModel.signatureDefUtils.classificationSignatureDef tf.savedModel.signatureDefUtils.regressionSignatureDef tf.savedModel.Builder
   tf.train.summaryIterator tf.train.addQueueRunner tf.QueueBase tf.train.ClusterSpec
   tf.train.GreedyLoadBalancingStrategy tf.train.RandomStrategy tf.train.byteSizeLoadFn`.split(/\s+/),
);

/** Whether a call with an option that nobody has, behind some number of operands, is refused for it. */
async function refuses(called: Callable): Promise<boolean> {
  const graph = new tf.Graph();
  const operands = graph.asDefault(() => [tf.constant([1, 2]), tf.constant(1), [3], tf.constant([[1]])]);
  // Seven operands at most: tf.nn.batchNormalization has six.
  for (let count = 0; count < 8; count++) {
    const given = [...[...operands, ...operands].slice(0, count), { nonsense: 1 }];
    try {
      await graph.asDefault(() => {
        const result = called(...given);
        return result instanceof Promise ? { result } : undefined;
      })?.result;
    } catch (error) {
      if (error instanceof tf.errors.InvalidArgumentError && /no (option '[\w.]*|key )nonsense/.test(error.message))
        return true;
    }
  }
  return false;
}

// What is made of wrong operands is made here.
let folder: string;
const home = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'options-'));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const functions = publicFunctions();
const withOptions = functions.filter(([name]) => !WITHOUT_OPTIONS.has(name));

const methods = Object.entries(instances).flatMap(([name, [make, withoutOptions]]) => {
  const others = ['constructor', 'toString', ...withoutOptions.split(/\s+/)];
  const all = new Set(methodsOf(classNamed(name).prototype));
  return [...all].filter((method) => !others.includes(method)).map((method) => [name, method, make] as const);
});

describe('An option that nobody has', () => {
  it.each(withOptions)('is refused by %s', async (_name, called) => {
    expect(await refuses((...given) => (isClass(called) ? Reflect.construct(called, given) : called(...given)))).toBe(
      true,
    );
  });

  it.each(methods)('is refused by the method of %s, %s', async (_name, method, make) => {
    tf.resetDefaultGraph();
    const instance = make() as Record<string, Callable>;
    expect(await refuses((...given) => instance[method]!(...given))).toBe(true);
    await instance.close?.();
  });

  it('is looked for in every method of every class', () => {
    const known = new Set(
      Object.entries(instances).flatMap(([name, [, others]]) => [
        ...methodsOf(classNamed(name).prototype),
        ...others.split(/\s+/),
      ]),
    );
    const forgotten = functions
      .filter(([, called]) => isClass(called))
      .flatMap(([name, called]) =>
        methodsOf(called.prototype)
          .filter((method) => !known.has(method))
          .map((method) => `${name}.${method}`),
      );
    expect(forgotten).toEqual([]);
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

  it('is refused in what is no option itself but has names: messages, curves, classes that are told, sums, modules', async () => {
    const writer = new tf.summary.FileWriter('x');
    const add = (summary: unknown) => writer.addSummary(summary as object);
    expect(() => add({ value: [{ tag: 'x', simpleVale: 1 }] })).toThrow("did you mean 'value[0].simpleValue'?");
    const told = { labels: [1], predictions: [1], weigths: [1] };
    expect(() => writer.prCurve('x', told)).toThrow("did you mean 'weights'?");
    await writer.close();
    expect(() => plot.curves({ a: { x: [1], y: [1], label: 'x' } as object as plot.Curve })).toThrow(
      "no option 'label'",
    );
    const sums = { trainImage: 'x' } as object;
    await expect(data.readDataSets('.', { sums })).rejects.toThrow("did you mean 'sums.trainImages'?");
    const search = { algorithm: 'random', space: {}, metric: 'x', maxIterations: 1, resultDir: 'y' } as const;
    const trial = { modul: 'x' } as never;
    await expect(hyperparameters.search({ ...search, trial })).rejects.toThrow("did you mean 'trial.module'?");
    const config: object = { droupout: 1 };
    expect(() => models.makeModel({ modelName: 'convnet', ...config })).toThrow('has no key droupout');
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
