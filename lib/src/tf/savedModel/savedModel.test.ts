/** Saved models, written and read again here. tests/savedModels has them beside Python's TensorFlow. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tf from '..';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'saved-model-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A graph of its own that doubles and more, with a session whose variables have values. */
async function doubling({ useResource = false } = {}) {
  const graph = new tf.Graph();
  const parts = graph.asDefault(() => {
    const x = tf.placeholder('float32', [null], { name: 'x' });
    const factor = new tf.Variable(2, { name: 'factor', useResource });
    return { x, factor, y: tf.mul(x, factor, { name: 'y' }), init: tf.globalVariablesInitializer() };
  });
  const session = new tf.Session({ graph });
  await session.run(parts.init);
  return { graph, session, ...parts };
}

/** A saved model of it. */
async function saved(name: string): Promise<string> {
  const { session, x, y } = await doubling();
  const place = path.join(folder, name);
  await tf.savedModel.simpleSave(session, place, { x }, { y });
  return place;
}

describe('a simple saved model', () => {
  it.each([false, true])('answers by its signature (useResource: %s)', async (useResource) => {
    const { session, x, y } = await doubling({ useResource });
    const place = path.join(folder, `simple-${useResource}`);
    const file = await tf.savedModel.simpleSave(session, place, { x }, { y });
    expect(file).toBe(path.join(place, 'saved_model.pb'));
    expect(readdirSync(place).sort()).toEqual(['saved_model.pb', 'variables']);
    expect(readdirSync(path.join(place, 'variables')).sort()).toEqual([
      'variables.data-00000-of-00001',
      'variables.index',
    ]);
    await using model = await tf.savedModel.open(place);
    expect(await model.signatures.serving_default!({ x: [1, 2, 3] })).toEqual({ y: tf.hostArray([2, 4, 6]) });
  });

  it('is loaded into a session, under a scope, with what it says of itself', async () => {
    const place = await saved('scoped');
    const session = new tf.Session({ graph: new tf.Graph() });
    const { signatureDef } = await tf.savedModel.load(session, ['serve'], place, { importScope: 'net' });
    const { inputs, outputs } = signatureDef.serving_default!;
    const [x, y] = [inputs.x!, outputs.y!].map(({ name }) => session.graph.getTensorByName(`net/${name}`));
    expect(await session.run(y!, [[x!, [5]]])).toEqual(tf.hostArray([10]));
  });

  it('tells what it takes and gives, without being loaded', async () => {
    const model = await tf.savedModel.inspect(await saved('inspected'));
    expect(model.metaGraphs.map(({ tags }) => tags)).toEqual([['serve']]);
    expect(model.metaGraphs[0]!.signatures.serving_default).toEqual({
      methodName: 'tensorflow/serving/predict',
      inputs: { x: { name: 'x:0', dtype: 'DT_FLOAT', shape: [-1] } },
      outputs: { y: { name: 'y:0', dtype: 'DT_FLOAT', shape: [-1] } },
    });
    expect(String(model)).toBe(
      `
MetaGraphDef with tag-set: 'serve' contains the following SignatureDefs:

signature_def['serving_default']:
  The given SavedModel SignatureDef contains the following input(s):
    inputs['x'] tensor_info:
        dtype: DT_FLOAT
        shape: (-1)
        name: x:0
  The given SavedModel SignatureDef contains the following output(s):
    outputs['y'] tensor_info:
        dtype: DT_FLOAT
        shape: (-1)
        name: y:0
  Method name is: tensorflow/serving/predict
The MetaGraph with tag set ['serve'] contains the following ops: {OPS}
`.replace('{OPS}', `{${model.metaGraphs[0]!.operations.map((type) => `'${type}'`).join(', ')}}`),
    );
    expect(model.metaGraphs[0]!.operations).toContain('VariableV2');
  });

  it('says which inputs and signatures it has to who names others', async () => {
    await using model = await tf.savedModel.open(await saved('asked'));
    expect(() => model.signatures.serving_defualt).toThrow(
      "no signature 'serving_defualt'; did you mean 'serving_default'?",
    );
    const answer = model.signatures.serving_default!;
    await expect(answer({ z: 1 })).rejects.toThrow("signature 'serving_default' takes no 'z'");
    await expect(answer({})).rejects.toThrow("signature 'serving_default' takes x; 'x' is missing");
  });
});

describe('a builder', () => {
  it('makes one model of several graphs, with files that they read and what is to be done first', async () => {
    const words = path.join(folder, 'words.txt');
    writeFileSync(words, 'zero\none\n');
    const place = path.join(folder, 'two-graphs');
    const builder = new tf.savedModel.Builder(place);
    const { graph, session, x, y } = await doubling();
    const { text, init } = graph.asDefault(() => {
      const file = tf.constant(words, { name: 'words' });
      const text = new tf.Variable('', { name: 'text', trainable: false, collections: ['local_variables'] });
      const content = graph.createOperation('ReadFile', [file]).outputs[0]!;
      return { text, file, init: tf.assign(text, content).op };
    });
    const { predictSignatureDef } = tf.savedModel.signatureDefUtils;
    await builder.addMetaGraphAndVariables(session, ['serve'], {
      signatureDefMap: { double: predictSignatureDef({ x }, { y, text: text.value() }) },
      assetsCollection: [graph.getTensorByName('words:0', 'string')],
      mainOp: init,
      stripDefaultAttrs: true,
    });
    const other = await doubling();
    const signatureDefMap = { same: predictSignatureDef({ x: other.x }, { y: other.y }) };
    builder.addMetaGraph(['train', 'gpu'], { graph: other.graph, signatureDefMap });
    expect(existsSync(place)).toBe(false);
    builder.save();
    rmSync(words);

    expect(readFileSync(path.join(place, 'assets', 'words.txt'), 'utf8')).toBe('zero\none\n');
    await using first = await tf.savedModel.open(place);
    const answer = await first.signatures.double!({ x: [1] });
    expect([answer.y, String(answer.text)]).toEqual([tf.hostArray([2]), 'zero\none\n']);
    await using second = await tf.savedModel.open(place, { tags: ['gpu', 'train'] });
    expect(await second.signatures.same!({ x: [1] })).toEqual({ y: tf.hostArray([2]) });
    await expect(tf.savedModel.open(place, { tags: ['train'] })).rejects.toThrow(
      "has no graph with the tags ['train'], but ['serve'], ['train', 'gpu']",
    );
  });

  it('writes a text where that is asked for, which is read too', async () => {
    const { session, x, y } = await doubling();
    const builder = new tf.savedModel.Builder(path.join(folder, 'text'));
    const signature = tf.savedModel.signatureDefUtils.predictSignatureDef({ x }, { y });
    await builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap: { serving_default: signature } });
    expect(builder.save({ asText: true })).toBe(path.join(folder, 'text', 'saved_model.pbtxt'));
    await using model = await tf.savedModel.open(path.join(folder, 'text'));
    expect(await model.signatures.serving_default!({ x: [1] })).toEqual({ y: tf.hostArray([2]) });
  });

  it('makes a model of a graph without variables', async () => {
    const graph = new tf.Graph();
    const [x, y] = graph.asDefault(() => {
      const x = tf.placeholder('float32', []);
      return [x, tf.square(x)] as const;
    });
    const place = path.join(folder, 'no-variables');
    await tf.savedModel.simpleSave(new tf.Session({ graph }), place, { x }, { y });
    await using model = await tf.savedModel.open(place);
    expect(await model.signatures.serving_default!({ x: 3 })).toEqual({ y: 9 });
  });

  it('refuses a folder with something in it, graphs in another order, what is not in the graph, and leaves nothing', async () => {
    const { session, x, y, graph } = await doubling();
    const full = await saved('full');
    expect(() => new tf.savedModel.Builder(full)).toThrow(tf.errors.AlreadyExistsError);
    const builder = new tf.savedModel.Builder(path.join(folder, 'refused'));
    expect(() => builder.save()).toThrow('a saved model has a graph');
    expect(() => builder.addMetaGraph(['serve'])).toThrow('the variables come first');
    const { predictSignatureDef } = tf.savedModel.signatureDefUtils;
    const other = await doubling();
    other.graph.asDefault(() => tf.identity(other.y, { name: 'elsewhere' }));
    const elsewhere = other.graph.getTensorByName('elsewhere:0');
    const signatureDefMap = { serving_default: predictSignatureDef({ x }, { elsewhere }) };
    await expect(builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap })).rejects.toThrow(
      "no operation named 'elsewhere'",
    );
    const missing = graph.asDefault(() => tf.constant(path.join(folder, 'nothing.txt')));
    await expect(builder.addMetaGraphAndVariables(session, ['serve'], { assetsCollection: [missing] })).rejects.toThrow(
      'there is no file',
    );
    const uninitialized = new tf.Session({ graph });
    await expect(tf.savedModel.simpleSave(uninitialized, path.join(folder, 'refused'), { x }, { y })).rejects.toThrow(
      tf.errors.FailedPreconditionError,
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('refused'))).toEqual([]);
  });
});

describe('a signature', () => {
  it('of a classification or a regression has the dtypes that servers want', () => {
    const utils = tf.savedModel.signatureDefUtils;
    const examples = tf.placeholder('string', [null], { name: 'examples' });
    const scores = tf.placeholder('float32', [null, 3], { name: 'scores' });
    const classification = tf.savedModel.signatureDefUtils.classificationSignatureDef(examples, null, scores);
    expect([classification.methodName, classification.outputs.scores?.name]).toEqual([
      'tensorflow/serving/classify',
      'scores:0',
    ]);
    const regression = tf.savedModel.signatureDefUtils.regressionSignatureDef(examples, scores);
    expect(regression.methodName).toBe('tensorflow/serving/regress');
    expect(() => utils.classificationSignatureDef(examples, null, null)).toThrow('classes, or scores, or both');
    expect(() => utils.regressionSignatureDef(examples, examples as never)).toThrow(
      'the predictions are float32, not string',
    );
  });

  it('may be made of what describes tensors, under the names that servers know', () => {
    const x = tf.placeholder('float32', [null], { name: 'described' });
    const info = tf.savedModel.buildTensorInfo(x);
    expect([info.name, info.dtype, info.tensorShape?.dim.map(({ size }) => size)]).toEqual(['described:0', 1, [-1]]);
    const method = tf.savedModel.signatureConstants.PREDICT_METHOD_NAME;
    const made = tf.savedModel.signatureDefUtils.buildSignatureDef({ x: info }, { y: info }, method);
    expect(made).toEqual(tf.savedModel.signatureDefUtils.predictSignatureDef({ x }, { y: x }));
    expect(tf.savedModel.tagConstants.SERVING).toBe('serve');
  });
});

describe('a graph that others are in', () => {
  it('gets a model twice, under scopes of its own: each has its variables', async () => {
    const [one, two] = [await saved('one'), path.join(folder, 'two')];
    const { session: other, x, y, factor } = await doubling({ useResource: true });
    await other.run(factor.assign(5));
    await tf.savedModel.simpleSave(other, two, { x }, { y });
    const graph = new tf.Graph();
    await using session = new tf.Session({ graph });
    const unrelated = graph.asDefault(() => new tf.Variable(7, { name: 'factor', useResource: true }));
    await session.run(unrelated.initializer);
    for (const [scope, place] of Object.entries({ a: one, b: two, c: two, 'd/e': two }))
      await tf.savedModel.load(session, ['serve'], place, { importScope: scope });
    await tf.savedModel.load(session, ['serve'], one, { importScope: 'a' }); // which is a_1
    const ask = (scope: string) => session.run(`${scope}/y:0`, [[`${scope}/x:0`, [1]]]);
    await session.run(graph.getCollection('variables', 'c/')[0]!.assign(9));
    const answers = await Promise.all(['a', 'b', 'c', 'd/e', 'a_1'].map(ask));
    expect(answers).toEqual([2, 5, 9, 5, 2].map((factor) => tf.hostArray([factor])));
    expect(await session.run(unrelated)).toBe(7);
  });

  it('refuses one without a scope whose names it has, and one for a closed session: nothing is added', async () => {
    const place = await saved('clashing');
    const { session, graph } = await doubling();
    const before = graph.operations.length;
    const load = () => tf.savedModel.load(session, ['serve'], place);
    await expect(load()).rejects.toThrow("has an operation 'x' already: an importScope keeps");
    await session.close();
    await expect(load()).rejects.toThrow(tf.errors.FailedPreconditionError);
    expect(graph.operations.length).toBe(before);
  });

  it('gets no variables of its own restored by a model that has none', async () => {
    const plain = new tf.Graph();
    const [x, y] = plain.asDefault(() => {
      const x = tf.placeholder('float32', [], { name: 'in' });
      return [x, tf.square(x, { name: 'out' })] as const;
    });
    const place = path.join(folder, 'plain');
    await tf.savedModel.simpleSave(new tf.Session({ graph: plain }), place, { x }, { y });
    const { session, graph, factor } = await doubling();
    await session.run(factor.assign(3));
    await tf.savedModel.load(session, ['serve'], place);
    expect(await session.run(['out:0', factor], [['in:0', 4]])).toEqual([16, 3]);
    expect(graph.operations.filter(({ type }) => type === 'SaveV2')).toEqual([]);
  });
});

describe('what a signature is given', () => {
  it.each([
    [[[1, 2]], 'it takes the shape [?], got an array of shape [1, 2]'],
    ['two', "expected float32, got 'two'"],
    [['a'], "expected float32, got 'a' at [0]"],
    [{}, 'expected float32, got {}'],
  ])('is refused by the name of the input, with what that wants: %j', async (x, reason) => {
    await using model = await tf.savedModel.open(await saved(`given ${JSON.stringify(x).replaceAll(/\W/g, '-')}`));
    await expect(model.signatures.serving_default!({ x: x as never })).rejects.toThrow(
      `'x' of signature 'serving_default' is float32 of shape [?]: feeding 'x:0': ${reason}`,
    );
    await expect(model.signatures.serving_default!({ x: [1], constructor: 1 } as never)).rejects.toThrow(
      "takes no 'constructor', but x",
    );
  });

  it('may be a default, as a signature says it', async () => {
    const { session, x, y } = await doubling();
    const place = path.join(folder, 'defaults');
    const signature = tf.savedModel.signatureDefUtils.predictSignatureDef({ x }, { y });
    const defaults = { x: { dtype: 1, tensorShape: { dim: [{ size: 2 }] }, floatVal: [4, 5] } };
    const builder = new tf.savedModel.Builder(place);
    const signatureDefMap = { serving_default: { ...signature, defaults } };
    await builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap });
    builder.save();
    await using model = await tf.savedModel.open(place);
    expect(await model.signatures.serving_default!({})).toEqual({ y: tf.hostArray([8, 10]) });
  });
});

describe('numbers of 16 bits', () => {
  it.each(['float16', 'bfloat16'] as const)('are given and taken as float32: %s', async (dtype) => {
    const graph = new tf.Graph();
    const { x, y, w, init } = graph.asDefault(() => {
      const x = tf.placeholder(dtype, [null], { name: 'x' });
      const w = new tf.Variable(tf.cast([0.1, 3], dtype), { name: 'w' });
      const y = graph.createOperation('Mul', [x, w.value()]).outputs[0]!;
      return { x, y, w, init: tf.globalVariablesInitializer() };
    });
    const session = new tf.Session({ graph });
    await session.run(init);
    const place = path.join(folder, dtype);
    await tf.savedModel.simpleSave(session, place, { x }, { y, w: w.value(), same: x });
    await using model = await tf.savedModel.open(place);
    const { y: product, w: weights, same } = await model.signatures.serving_default!({ x: [0.1, 2] });
    const tenth = dtype === 'float16' ? 0.0999755859375 : 0.10009765625;
    expect([weights, same]).toEqual([tf.hostArray([tenth, 3]), tf.hostArray([tenth, 2])]);
    expect((product as tf.HostArray).data[1]).toBe(6);
    await expect(model.signatures.serving_default!({ x: ['a'] })).rejects.toThrow(`is ${dtype} of shape [?]`);
    // They can be frozen, too.
    const frozen = await tf.graphUtil.convertVariablesToConstants(session, graph.toGraphDef(), [y]);
    const again = new tf.Graph();
    const [input, output] = again.importGraphDef(frozen, { name: '', returnElements: ['x:0', y.name] }) as tf.Tensor[];
    const single = again.asDefault(() => tf.cast(output!, 'float32'));
    expect(await new tf.Session({ graph: again }).run(single, [[input!, [0.1, 2]]])).toEqual(product);
  });
});

it('leaves out default attributes in functions too, where that is asked for', async () => {
  const attr = { T: { type: 1 }, transpose_a: { b: false }, transpose_b: { b: true } };
  const made = {
    signature: { name: 'f', inputArg: [{ name: 'a', type: 1 }], outputArg: [{ name: 'b', type: 1 }] },
    nodeDef: [{ name: 'n', op: 'MatMul', input: ['a', 'a'], attr }],
    ret: { b: 'n:product:0' },
  };
  const types = { Tin: { list: { type: [1] } }, Tout: { list: { type: [1] } } };
  const node = [
    { name: 'x', op: 'Placeholder', attr: { dtype: { type: 1 } } },
    { name: 'y', op: 'PartitionedCall', input: ['x'], attr: { ...types, f: { func: { name: 'f' } } } },
  ];
  const graph = new tf.Graph();
  const def = tf.GraphDef.encode({ node, library: { function: [made] }, versions: { producer: 1000 } });
  const [x, y] = graph.importGraphDef(def, { name: '', returnElements: ['x:0', 'y:0'] }) as [tf.Tensor, tf.Tensor];
  const place = path.join(folder, 'stripped');
  const builder = new tf.savedModel.Builder(place);
  const signatureDefMap = { s: tf.savedModel.signatureDefUtils.predictSignatureDef({ x }, { y }) };
  const session = new tf.Session({ graph });
  await builder.addMetaGraphAndVariables(session, new Set(['serve']).values(), {
    signatureDefMap,
    stripDefaultAttrs: true,
  });
  builder.save();
  await using model = await tf.savedModel.open(place, { tags: new Set(['serve']).values() });
  const [stripped] = model.metaGraph.graphDef!.library!.function[0]!.nodeDef;
  expect(Object.keys(stripped!.attr).sort()).toEqual(['T', 'transpose_b']);
  expect(await model.signatures.s!({ x: [[1, 2]] })).toEqual({ y: tf.hostArray([[5]]) });
});

describe('a builder that fails', () => {
  it('in the midst of saving leaves nothing, and may begin again', async () => {
    const { session, x, y, graph } = await doubling();
    const place = path.join(folder, 'failing', 'model ü');
    const builder = new tf.savedModel.Builder(place);
    const { predictSignatureDef } = tf.savedModel.signatureDefUtils;
    const signatureDefMap = { serving_default: predictSignatureDef({ x }, { y }) };
    const asset = graph.asDefault(() => tf.constant(folder)); // a folder, which is no file
    const add = (options: tf.savedModel.AddMetaGraphOptions) =>
      builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap, ...options });
    await expect(add({ assetsCollection: [asset] })).rejects.toThrow(/could not copy the asset/);
    expect(readdirSync(path.dirname(place))).toEqual([]);
    const [first, second] = await Promise.allSettled([add({}), add({})]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    writeFileSync(place, 'in the way');
    expect(() => builder.save()).toThrow(tf.errors.AlreadyExistsError);
    rmSync(place);
    builder.save();
    expect(readdirSync(path.dirname(place))).toEqual(['model ü']);
    expect(() => new tf.savedModel.Builder(place)).toThrow("isn't empty: choose another folder");
    expect(() => new tf.savedModel.Builder(path.join(place, 'saved_model.pb'))).toThrow('is a file');
  });

  it('in a file, or by too long a name, says so and nothing else', async () => {
    const { session, x, y } = await doubling();
    writeFileSync(path.join(folder, 'no folder'), '');
    for (const name of ['no folder/model', 'x'.repeat(300)])
      await expect(tf.savedModel.simpleSave(session, path.join(folder, name), { x }, { y })).rejects.toThrow(
        /^could not make the folder /,
      );
  });

  it('refuses a saver of another graph, and nothing is added', async () => {
    const { session, graph } = await doubling();
    const other = await doubling();
    const saver = other.graph.asDefault(() => new tf.train.Saver());
    const builder = new tf.savedModel.Builder(path.join(folder, 'foreign'));
    await expect(builder.addMetaGraphAndVariables(session, ['serve'], { saver })).rejects.toThrow(/another graph/);
    await builder.addMetaGraphAndVariables(session, ['serve']);
    expect(() => builder.addMetaGraph(['train'], { graph, saver })).toThrow(/another graph/);
    builder.save();
    const { metaGraphs } = await tf.savedModel.inspect(path.join(folder, 'foreign'));
    expect(metaGraphs.map(({ tags }) => tags)).toEqual([['serve']]);
  });

  it('fills a folder that is empty, also behind a link', async () => {
    const { session, x, y } = await doubling();
    const [empty, link] = [path.join(folder, 'empty'), path.join(folder, 'link')];
    mkdirSync(empty);
    symlinkSync(empty, link);
    await tf.savedModel.simpleSave(session, link, { x }, { y });
    expect(readdirSync(empty).sort()).toEqual(['saved_model.pb', 'variables']);
  });

  it('refuses signatures whose sparse or ragged tensors the graph lacks', async () => {
    const { session } = await doubling();
    const add = (y: object) =>
      new tf.savedModel.Builder(path.join(folder, 'composite')).addMetaGraphAndVariables(session, ['serve'], {
        signatureDefMap: { s: { inputs: {}, outputs: { y } } },
      });
    const cooSparse = { indicesTensorName: 'i:0', valuesTensorName: 'y:0', denseShapeTensorName: 'y:0' };
    await expect(add({ cooSparse, dtype: 1 })).rejects.toThrow("no operation named 'i'");
    const components = [{ name: 'y:0' }, { name: 'splits:0' }];
    await expect(add({ compositeTensor: { typeSpec: { typeSpecClass: 3 }, components } })).rejects.toThrow("'splits'");
    await expect(add({ dtype: 1 })).rejects.toThrow("'y' of signature 's' says no tensor");
  });
});
