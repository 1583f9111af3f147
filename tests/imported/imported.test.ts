/** Graphs and checkpoints that Python's TensorFlow 1 made, here: see make.py beside this file. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CondContextDef,
  GraphDef,
  MetaGraphDef,
  QueueRunnerDef,
  VariableDef,
  WhileContextDef,
} from '../../lib/src/protos';
import * as tf from '../../lib/src/tf';

const at = (name: string) => path.join(__dirname, name);
const metaGraph = (name: string) => gunzipSync(fs.readFileSync(at(`${name}.meta.gz`)));
const python: {
  loss: number;
  variables: Record<string, number[]>;
  trained: Record<string, { losses: number[]; variables: Record<string, number[]> }>;
} = JSON.parse(fs.readFileSync(at('resource.json'), 'utf8'));

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'imported-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const sines = (count: number, first: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(first + i));
/** What make.py feeds. */
const feeds = (step: number, scope = ''): [string, tf.ArrayLike][] => [
  [`${scope}ids:0`, Int32Array.of(step % 5, 1, (3 * step) % 5)],
  [`${scope}labels:0`, tf.hostArray(sines(9, 7 + step)).reshape([3, 3])],
];

function importNet(importScope?: string) {
  const graph = new tf.Graph();
  const saver = tf.train.importMetaGraph(metaGraph('resource'), { graph, importScope })!;
  const session = new tf.Session({ graph });
  const variables = graph.getCollection(tf.GraphKeys.GLOBAL_VARIABLES);
  graph.asDefault(() => session.runSync(tf.variablesInitializer(variables)));
  const scope = importScope ? `${importScope}/` : '';
  const variable = (name: string) => variables.find(({ op }) => op.name === scope + name)!;
  return { graph, saver, session, variables, variable, scope };
}

const numbers = (value: unknown): number[] =>
  value instanceof tf.HostArray ? Array.from(value.data as Float32Array, Number) : [Number(value)];

function expectValues(
  session: tf.Session,
  variables: readonly tf.Variable[],
  expected: Record<string, number[]>,
  scope = '',
) {
  for (const variable of variables) {
    const name = variable.op.name.slice(scope.length);
    const [actual, wanted] = [numbers(session.runSync(variable)), expected[name]!];
    expect(actual, name).toHaveLength(wanted.length);
    for (const [i, value] of actual.entries()) expect(value, `${name}[${i}]`).toBeCloseTo(wanted[i]!, 5);
  }
}

/** One of make.py's. */
function optimizerOf(name: string): tf.train.Optimizer {
  const rates = name === 'MomentumOptimizer' ? [0.1, 0.9] : [0.1];
  const { [name]: Class } = tf.train as unknown as Record<string, new (...rates: number[]) => tf.train.Optimizer>;
  return new Class!(...rates);
}

describe("resource variables and partitioned ones of Python's", () => {
  it('are variables: fetched, fed, initialized, reported', () => {
    const { graph, session, variables, variable } = importNet();
    expect(session.runSync('loss:0', feeds(0))).toBeCloseTo(python.loss, 5);
    expectValues(session, variables, { ...python.variables, global_step: [0] });
    const weights = variable('net/weights');
    expect(weights).toMatchObject({ isResource: true, isRef: false, dtype: 'float32', shape: [4, 3], trainable: true });
    expect(String(weights)).toBe("ResourceVariable 'net/weights:0' float32 [4, 3]");
    expect(session.runSync('net/weights:0')).toEqual(session.runSync(weights));
    expect(session.runSync([weights, 'net/weights:0'], [[weights, new Float32Array(12)]])[1]).toMatchObject({
      data: new Float32Array(12),
    });
    expect(() => weights.setShape([2])).toThrow("can't take the shape [2]");
    const other = new tf.Session({ graph });
    graph.asDefault(() => {
      const missing = tf.reportUninitializedVariables();
      expect(numbers(session.runSync(missing))).toEqual([]);
      other.runSync(weights.initializer);
      expect(other.runSync(tf.isVariableInitialized(weights))).toBe(true);
      expect(other.runSync(tf.isVariableInitialized(variable('net/table')))).toBe(false);
      const names = (other.runSync(missing) as tf.HostArray<'string'>).data.map(String);
      expect(names).not.toContain('net/weights');
      expect(names).toContain('net/table');
      expect(names).toContain('net/refs/part_1');
    });
    expect(() => other.runSync('net/table:0')).toThrow(tf.errors.FailedPreconditionError);
  });

  it('are assigned to, read in the order that is asked for', () => {
    const { graph, session, variable } = importNet();
    const step = tf.train.getGlobalStep(graph)!;
    expect(step.isResource).toBe(true);
    expect(tf.train.globalStep(session, step as never)).toBe(0);
    graph.asDefault(() => {
      expect(session.runSync([step.assign(5), step.assignAdd(2), step.assignSub(1)][0]!)).toBe(5n);
      expect(session.runSync(step.assignAdd(2))).toBe(7n);
      expect(session.runSync(tf.assignSub(graph.getTensorByName('global_step:0'), 1))).toBe(6n);
      const twice = graph.controlDependencies([step.assignAdd(1)], () => tf.add(step, step));
      expect(session.runSync(twice)).toBe(14n);
      expect(() => variable('net/weights').assign([1, 2])).toThrow("can't be assigned to 'net/weights:0'");
      expect(() => tf.assign(tf.constant(1), 2)).toThrow('only a variable can be assigned to');
    });
  });

  it.each(Object.keys(python.trained))('are trained as by Python with %s', (name) => {
    const { graph, session, variables, scope } = importNet('imported');
    const expected = python.trained[name]!;
    const optimizer = optimizerOf(name);
    const trainOp = graph.asDefault(() => {
      const globalStep = tf.train.getGlobalStep(graph)!;
      return optimizer.minimize(graph.getTensorByName(`${scope}loss:0`), { globalStep });
    });
    const slots = optimizer.variables();
    session.runSync(graph.asDefault(() => tf.variablesInitializer(slots)));
    const losses = expected.losses.map((_, i) => session.runSync([`${scope}loss:0`, trainOp], feeds(i, scope))[0]);
    for (const [i, loss] of losses.entries()) expect(loss, `loss ${i}`).toBeCloseTo(expected.losses[i]!, 5);
    const owned = slots.filter(({ op }) => op.name.startsWith(scope));
    expectValues(session, [...variables, ...owned], expected.variables, scope);
    for (const slot of owned)
      expect(slot.isResource).toBe(!slot.op.name.includes('biases') && !slot.op.name.includes('refs'));
  });

  it('are averaged', () => {
    const { graph, session, variables, variable } = importNet();
    graph.asDefault(() => {
      const trained = variables.filter(({ trainable }) => trainable);
      const averages = new tf.train.ExponentialMovingAverage(0.5);
      const update = averages.apply(trained);
      session.runSync(tf.variablesInitializer(trained.map((one) => averages.average(one)!)));
      const weights = variable('net/weights');
      session.runSync(weights.assignAdd(tf.onesLike(weights as tf.Tensor<'float32'>)));
      session.runSync(update);
      const [now, average] = session.runSync([weights, averages.average(weights)!]) as [never, never];
      for (const [i, value] of numbers(average).entries()) expect(value).toBeCloseTo(numbers(now)[i]! - 0.5, 5);
    });
  });
});

describe("checkpoints of Python's", () => {
  it.each(['resource-v1', 'resource-v2'])('are looked into, with the parts of partitioned variables: %s', (name) => {
    const prefix = at(name);
    expect(tf.train.checkpointExists(prefix)).toBe(true);
    expect(tf.train.listVariables(prefix)).toEqual([
      ['global_step', []],
      ['net/biases', [3]],
      ['net/part', [4, 3]],
      ['net/refs', [4, 3]],
      ['net/table', [5, 4]],
      ['net/weights', [4, 3]],
    ]);
    const reader = tf.train.loadCheckpoint(prefix);
    expect(reader.getVariableToDtypeMap()).toMatchObject({ global_step: 'int64', 'net/part': 'float32' });
    expect(reader.getTensor('global_step').toArray()).toBe(3n);
    const whole = ['part_0', 'part_1'].flatMap((part) => python.variables[`net/part/${part}`]!);
    expect(numbers(reader.getTensor('net/part'))).toEqual(whole.map(Math.fround));
    expect(numbers(tf.train.loadVariable(prefix, 'net/weights'))).toEqual(
      python.variables['net/weights']?.map(Math.fround),
    );
    expect(() => reader.getTensor('net')).toThrow(/Key net not found in checkpoint .*net\/weights/);
  });

  it.each(['resource-v1', 'resource-v2'])('are restored into graphs imported and built here: %s', async (name) => {
    const { graph, saver, variables } = importNet();
    const fresh = graph.asDefault(() => new tf.train.Saver());
    for (const each of [saver, fresh]) {
      const session = new tf.Session({ graph });
      await each.restore(session, at(name));
      expectValues(session, variables, python.variables);
      const prefix = await each.save(session, path.join(folder, 'again', name));
      expect(tf.train.listVariables(prefix)).toEqual(tf.train.listVariables(at(name)));
      expect(numbers(tf.train.loadVariable(prefix, 'net/refs'))).toEqual(
        numbers(tf.train.loadVariable(at(name), 'net/refs')),
      );
      expect(tf.train.latestCheckpoint(path.join(folder, 'again'))).toBe(prefix);
    }
    const mistaken = new tf.Graph().asDefault(() => {
      new tf.Variable([1, 2], { name: 'net/biases' });
      return { saver: new tf.train.Saver(), session: new tf.Session() };
    });
    expect(() => mistaken.saver.restoreSync(mistaken.session, at(name))).toThrow('lhs shape= [2] rhs shape= [3]');
  });

  it('of the first format are found by their folder, and told when they are damaged', () => {
    const copy = path.join(folder, 'first');
    fs.copyFileSync(at('resource-v1'), copy);
    tf.train.updateCheckpointState(folder, copy, { allModelCheckpointPaths: [copy] });
    expect(tf.train.latestCheckpoint(folder)).toBe(copy);
    expect(tf.train.getCheckpointMtimes([copy])).toHaveLength(1);
    const bytes = fs.readFileSync(copy);
    for (const damaged of [bytes.subarray(0, 500), Buffer.from('something else'), Buffer.from(bytes).fill(7, 20, 21)]) {
      fs.writeFileSync(copy, damaged);
      expect(() => tf.train.listVariables(copy)).toThrow(tf.errors.DataLossError);
      expect(() => tf.train.listVariables(copy)).toThrow(`'${copy}' can't be read`);
    }
    tf.train.removeCheckpoint(copy);
  });

  it('keep parts together: two of one variable, or one beside a whole variable, are refused by name', () => {
    const { variable } = importNet();
    const [part, other, whole] = [variable('net/part/part_0'), variable('net/part/part_1'), variable('net/weights')];
    expect(part.saveSliceInfo).toMatchObject({
      fullName: 'net/part',
      fullShape: [4, 3],
      varOffset: [0, 0],
      varShape: [2, 3],
    });
    expect(() => new tf.train.Saver({ 'net/part': [part, other], w: whole })).not.toThrow();
    expect(() => new tf.train.Saver({ 'net/part': [part, whole] })).toThrow(
      'At least two variables have the same name: net/part',
    );
    expect(() => new tf.train.Saver([part, part])).toThrow('saved under two names');
  });
});

describe("what Python's graphs and checkpoints hold", () => {
  it.each(['resource', 'collections'])('is exported as it was imported: %s', (name) => {
    const graph = new tf.Graph();
    const saver = tf.train.importMetaGraph(metaGraph(name), { graph })!;
    const [theirs, ours] = [metaGraph(name), saver.exportMetaGraph()].map((bytes) => MetaGraphDef.decode(bytes));
    const library = (def?: MetaGraphDef) => def?.graphDef?.library?.function ?? [];
    const nodes = (def?: MetaGraphDef) =>
      Object.fromEntries(def?.graphDef?.node.map((node) => [node.name, node]) ?? []);
    expect(nodes(ours)).toEqual(nodes(theirs)); // each comes after those that it takes
    expect(library(ours)).toEqual(library(theirs));
    expect(ours?.graphDef?.versions).toEqual(theirs?.graphDef?.versions);
    expect(ours?.saverDef).toEqual(theirs?.saverDef);
    expect(ours?.collectionDef).toEqual(theirs?.collectionDef);
    const types = (def?: MetaGraphDef) => def?.metaInfoDef?.strippedOpList?.op.map((op) => op.name);
    expect(types(ours)).toEqual(types(theirs));
  });

  it('names what it names under the scope of an import', () => {
    const graph = new tf.Graph();
    tf.train.importMetaGraph(metaGraph('collections'), { graph, importScope: 'a/b' });
    const { collectionDef } = MetaGraphDef.decode(tf.train.exportMetaGraph({ graph }));
    const bytes = (key: string) => collectionDef[key]!.bytesList!.value[0]!;
    expect(QueueRunnerDef.decode(bytes('queue_runners'))).toMatchObject({
      queueName: 'a/b/queue',
      enqueueOpName: ['a/b/queue_enqueue'],
      closeOpName: 'a/b/queue_Close',
      queueClosedExceptionTypes: [11],
    });
    const condition = CondContextDef.decode(bytes('cond_context'));
    expect(condition).toMatchObject({ contextName: 'a/b/condition/cond_text', predName: 'a/b/condition/pred_id:0' });
    const { values = [], externalValues = {} } = condition.valuesDef ?? {};
    const outside = Object.entries(externalValues).flat();
    expect([...values, ...outside].every((name) => name.startsWith('a/b/'))).toBe(true);
    expect(outside).toContain('a/b/x:0');
    expect(WhileContextDef.decode(bytes('while_context'))).toMatchObject({ parallelIterations: 10, backProp: true });
    expect(VariableDef.decode(bytes('variables'))).toMatchObject({ variableName: 'a/b/v:0', isResource: true });
  });

  it('stays what it is where this library knows nothing of it', () => {
    const graph = new tf.Graph();
    const def = MetaGraphDef.decode(metaGraph('collections'));
    const odd = { bytesList: { value: [Uint8Array.of(0xff), VariableDef.encode({ variableName: 'nowhere:0' })] } };
    const floats = { floatList: { value: [1, 2] } };
    Object.assign(def.collectionDef, { local_variables: odd, floats });
    tf.train.importMetaGraph(MetaGraphDef.encode(def), { graph });
    const { collectionDef } = MetaGraphDef.decode(tf.train.exportMetaGraph({ graph }));
    expect(collectionDef.local_variables).toMatchObject(odd);
    expect(collectionDef.floats).toMatchObject(floats);
  });

  it('has its functions, also under scopes; a failed import leaves none', () => {
    const text = (type: string, input: string, name = 'f') =>
      `library { function { signature { name: "${name}" input_arg { name: "x" type: DT_FLOAT } output_arg { name: "y" type: DT_FLOAT } }
        node_def { name: "n" op: "${type}" input: "x" attr { key: "T" value { type: DT_FLOAT } } } ret { key: "y" value: "n:y:0" } } }
      node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } } node { name: "z" op: "${name}" input: "${input}" }`;
    const graph = new tf.Graph();
    expect(() => graph.importGraphDef(text('Neg', 'nowhere'))).toThrow("Node 'z': Unknown input node 'nowhere'");
    expect(GraphDef.decode(graph.toGraphDef()).library?.function ?? []).toEqual([]);
    for (const scope of ['a', 'a_1']) {
      const [z] = graph.importGraphDef(text('Neg', 'x'), { name: 'a', returnElements: ['z:0'] }) as [tf.Tensor];
      expect(z.name).toBe(`${scope}/z:0`);
      expect(new tf.Session({ graph }).runSync(z, [[`${scope}/x:0`, 3]])).toBe(-3);
    }
    // Another function of the same name is one beside it.
    const [other] = graph.importGraphDef(text('Abs', 'x'), { name: 'b', returnElements: ['z:0'] }) as [tf.Tensor];
    const session = new tf.Session({ graph });
    expect([session.runSync('a/z:0', [['a/x:0', 3]]), session.runSync(other, [['b/x:0', -3]])]).toEqual([-3, 3]);
    expect(() => graph.importGraphDef(text('Odd', 'x', 'g'))).toThrow(
      "node 'n' of the function 'g' is of type 'Odd', which",
    );
    expect(graph.operations).toHaveLength(6);
  });

  it('is imported whole or not at all', () => {
    const graph = new tf.Graph();
    const broken = (change: (def: MetaGraphDef) => void) => {
      const def = MetaGraphDef.decode(metaGraph('collections'));
      change(def);
      return MetaGraphDef.encode(def);
    };
    const attempts: [Uint8Array, string][] = [
      [
        broken(({ collectionDef }) => collectionDef.losses?.nodeList?.value.push('nowhere:0')),
        "collection 'losses' of the MetaGraphDef names 'nowhere:0'",
      ],
      [
        broken((def) => Object.assign(def.saverDef!, { restoreOpName: 'no' })),
        "the saver of the MetaGraphDef names 'no'",
      ],
      [broken((def) => Object.assign(def.graphDef!.node[1]!, { op: 'Strange' })), "is of type 'Strange', which"],
    ];
    for (const [bytes, message] of attempts) {
      expect(() => tf.train.importMetaGraph(bytes, { graph })).toThrow(message);
      expect(graph.operations).toEqual([]);
      expect(graph.getAllCollectionKeys()).toEqual([]);
    }
  });
});

describe('texts of graphs', () => {
  it("are Python's, character by character, and stand for the same", () => {
    const [text, bytes] = [fs.readFileSync(at('text.pbtxt'), 'utf8'), fs.readFileSync(at('text.pb'))];
    const def = GraphDef.decode(bytes);
    expect(GraphDef.toText(def)).toBe(text);
    expect(GraphDef.fromText(text)).toEqual(def);
    const golden = GraphDef.decode(fs.readFileSync(path.join(__dirname, '..', 'golden', 'fully_connected_adam.pb')));
    expect(GraphDef.fromText(GraphDef.toText(golden))).toEqual(golden);
  });

  it('are written, and imported as a string or as what is read of a file', () => {
    const graph = new tf.Graph();
    graph.asDefault(() => tf.mul(tf.placeholder('float32', [2], { name: 'x' }), [1, 0.1], { name: 'y' }));
    const target = path.join(folder, 'new', 'deep');
    const file = tf.io.writeGraph(graph, target, 'g.pbtxt');
    expect(file).toBe(path.join(target, 'g.pbtxt'));
    const again = tf.train.writeGraph(fs.readFileSync(file), target, 'g.pb', { asText: false });
    expect(GraphDef.decode(fs.readFileSync(again))).toEqual(GraphDef.decode(graph.toGraphDef()));
    expect(fs.readFileSync(file, 'utf8')).toBe(GraphDef.toText(GraphDef.decode(graph.toGraphDef())));
    for (const given of [fs.readFileSync(file), fs.readFileSync(file, 'utf8'), fs.readFileSync(again)]) {
      const copy = new tf.Graph();
      const [y] = copy.importGraphDef(given, { name: '', returnElements: ['y:0'] }) as [tf.Tensor];
      expect(new tf.Session({ graph: copy }).runSync(y, [['x:0', [10, 10]]])).toMatchObject({
        data: Float32Array.of(10, 1),
      });
      expect(GraphDef.decode(copy.toGraphDef())).toEqual(GraphDef.decode(graph.toGraphDef()));
    }
    expect(() => tf.io.writeGraph('graph' as never, folder, 'x')).toThrow(
      'a graph is written, or the bytes of a GraphDef',
    );
    expect(() => tf.io.writeGraph(Uint8Array.of(1, 2), folder, 'x')).toThrow('this is no GraphDef');
    expect(() => graph.importGraphDef('node {\n  op "x"\n}')).toThrow(
      "this is no GraphDef: line 2, column 6: expected ':'",
    );
    expect(() => graph.importGraphDef(file)).toThrow('this is no GraphDef: line 1');
  });

  it.each(['resource', 'collections'])('of MetaGraphDefs are written and imported too: %s', (name) => {
    const graph = new tf.Graph();
    const saver = tf.train.importMetaGraph(metaGraph(name), { graph })!;
    const filename = path.join(folder, `${name}.pbtxt`);
    const bytes = saver.exportMetaGraph({ filename, asText: true });
    expect(fs.readFileSync(filename, 'utf8')).toMatch(/^meta_info_def \{/);
    const copy = new tf.Graph();
    const imported = tf.train.importMetaGraph(filename, { graph: copy })!;
    expect(MetaGraphDef.decode(imported.exportMetaGraph())).toEqual(MetaGraphDef.decode(bytes));
    fs.writeFileSync(filename, 'graph_def {\n  nodes {} }');
    expect(() => tf.train.importMetaGraph(filename, { graph: new tf.Graph() })).toThrow(
      `'${filename}' is no MetaGraphDef: line 2, column 3: GraphDef: unknown field 'nodes'`,
    );
  });
});

describe('gradients through what only Python builds', () => {
  it('are refused where they are asked for, by the name of the construct and the operation', () => {
    const graph = new tf.Graph();
    tf.train.importMetaGraph(metaGraph('collections'), { graph });
    const x = graph.getTensorByName('x:0');
    const gradient = (name: string) => () => tf.gradients(graph.getTensorByName(name), [x]);
    expect(gradient('loop/Exit_1:0')).toThrow(tf.errors.UnimplementedError);
    expect(gradient('loop/Exit_1:0')).toThrow(
      "gradients don't flow through a while loop, of which 'loop/Exit_1' (Exit) is a part",
    );
    expect(gradient('condition/Merge:0')).toThrow(
      "a condition (tf.cond) or a while loop, of which 'condition/Merge' (Merge)",
    );
    expect(gradient('twice:0')).toThrow("the call of a function, of which 'twice'");
    const [ok] = tf.gradients(tf.mul(x, tf.stopGradient(graph.getTensorByName('loop/Exit_1:0'))), [x]);
    expect(new tf.Session({ graph }).runSync(ok!, [[x, 2]])).toBe(16); // x · x³, the latter fixed
  });
});

describe('resource variables of our own', () => {
  it('are made of the operations that Python makes them of', () => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const v = new tf.Variable([1, 2], { name: 'v', useResource: true });
      expect(graph.operations.map(({ name, type }) => `${name} ${type}`)).toEqual([
        'v/Initializer/initial_value Const',
        'v VarHandleOp',
        'v/IsInitialized/VarIsInitializedOp VarIsInitializedOp',
        'v/Assign AssignVariableOp',
        'v/Read/ReadVariableOp ReadVariableOp',
      ]);
      expect(v.op.getAttribute('shared_name')).toBe('v');
      expect(v.toProto()).toMatchObject({ isResource: true, trainable: true, snapshotName: 'v/Read/ReadVariableOp:0' });
      expect(tf.mul(v, v).op.inputs.map(({ name }) => name)).toEqual([
        'Mul/ReadVariableOp:0',
        'Mul/ReadVariableOp_1:0',
      ]);
      expect(tf.trainableVariables()).toEqual([v]);
    });
  });

  it('have gradients through every operation that reads them', () => {
    const graph = new tf.Graph();
    graph.asDefault(() => {
      const v = new tf.Variable([1, 2], { useResource: true });
      const unused = new tf.Variable([1, 2, 3], { useResource: true });
      const loss = tf.reduceSum(tf.mul(tf.add(tf.mul(v, v), v), v.snapshot)); // v³ + v²
      const [dv, none] = tf.gradients(loss, [v, unused]);
      const [, zeros] = tf.gradients(loss, [v, unused], { unconnectedGradients: 'zero' });
      expect(none).toBeNull();
      const session = new tf.Session();
      session.runSync(tf.globalVariablesInitializer());
      expect(numbers(session.runSync([dv!])[0])).toEqual([5, 16]);
      expect(numbers(session.runSync(zeros))).toEqual([0, 0, 0]);
    });
  });

  it('are the global step where they have its name, with or without its collection', () => {
    new tf.Graph().asDefault(() => {
      expect(tf.train.getGlobalStep()).toBeNull();
      const step = new tf.Variable(3, { dtype: 'int64', name: 'global_step', trainable: false, useResource: true });
      expect(tf.train.getGlobalStep()).toBe(step);
      expect(tf.train.getOrCreateGlobalStep()).toBe(step);
      expect(() => tf.train.createGlobalStep()).toThrow('the graph has a global step already');
    });
  });

  it.each(Object.keys(python.trained))('are trained by %s exactly as reference variables are', (name) => {
    const train = (useResource: boolean) =>
      new tf.Graph().asDefault(() => {
        const x = tf.placeholder('float32', [null, 4]);
        const w = new tf.Variable(tf.reshape(tf.constant(sines(12, 1)), [4, 3]), { name: 'w', useResource });
        const b = new tf.Variable(sines(3, 2), { name: 'b', useResource });
        const globalStep = new tf.Variable(0, { dtype: 'int64', name: 'step', trainable: false, useResource });
        const loss = tf.reduceMean(tf.square(tf.tanh(tf.add(tf.matmul(x, w), b))));
        const optimizer = optimizerOf(name);
        const trainOp = optimizer.minimize(loss, { globalStep });
        expect(optimizer.variables().every(({ isResource }) => isResource === useResource)).toBe(true);
        const session = new tf.Session();
        session.runSync(tf.globalVariablesInitializer());
        const batch = tf.hostArray(sines(20, 3)).reshape([5, 4]);
        const losses = Array.from({ length: 5 }, () => session.runSync([loss, trainOp], [[x, batch]])[0]);
        expect(session.runSync(globalStep)).toBe(5n);
        return { losses, values: session.runSync(tf.globalVariables()) };
      });
    expect(train(true)).toEqual(train(false));
  });

  it('and reference variables have checkpoints that fit each other', () => {
    const build = (useResource: boolean, first: number) =>
      new tf.Graph().asDefault(() => {
        const variables = {
          w: new tf.Variable([first, 2], { name: 'w', useResource }),
          n: new tf.Variable(first, { name: 'n', dtype: 'int64', useResource, trainable: false }),
        };
        const session = new tf.Session();
        session.runSync(tf.globalVariablesInitializer());
        return { ...variables, session, saver: new tf.train.Saver() };
      });
    const nets = [build(false, 1), build(true, 2)] as const;
    for (const [from, to] of [nets, [nets[1], nets[0]] as const]) {
      from.saver.saveSync(from.session, path.join(folder, 'both'));
      to.session.runSync([to.w.initializer, to.n.initializer]);
      to.saver.restoreSync(to.session, path.join(folder, 'both'));
      expect(to.session.runSync([to.w, to.n])).toEqual(from.session.runSync([from.w, from.n]));
    }
    const other = new tf.Graph().asDefault(() => {
      new tf.Variable([1, 2, 3], { name: 'w', useResource: true });
      new tf.Variable(0, { name: 'n', useResource: true });
      return { saver: new tf.train.Saver(), session: new tf.Session() };
    });
    const restore = () => other.saver.restoreSync(other.session, path.join(folder, 'both'));
    expect(restore).toThrow("lhs shape= [3] rhs shape= [2] (variable 'w')");
    expect(restore).toThrow("expected dtype float32 does not equal original dtype int64 (variable 'n')");
  });
});
