/** Saved models, written and read again here. tests/savedModels has them beside Python's TensorFlow. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repetitions } from '../../testing/repetitions';
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
    expect(String(model)).toBe(`
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
`);
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

describe('a folder', () => {
  it('that is no saved model, or is damaged, is one error that says so', async () => {
    await expect(tf.savedModel.open(path.join(folder, 'nowhere'))).rejects.toThrow(/there is no folder .*nowhere/);
    await expect(tf.savedModel.open(folder)).rejects.toThrow('is no folder of a saved model');
    const place = await saved('damaged');
    const file = path.join(place, 'saved_model.pb');
    const whole = readFileSync(file);
    for (const bytes of [Buffer.alloc(0), Buffer.from('no model'), whole.subarray(0, whole.length >> 1)]) {
      writeFileSync(file, bytes);
      await expect(tf.savedModel.open(place)).rejects.toThrow(tf.errors.DataLossError);
    }
    writeFileSync(file, whole);
    rmSync(path.join(place, 'variables'), { recursive: true });
    await expect(tf.savedModel.open(place)).rejects.toThrow(tf.errors.NotFoundError);
  });

  it('of an operation that this TensorFlow lacks is told by its name', async () => {
    const place = await saved('unknown');
    const file = path.join(place, 'saved_model.pb');
    const bytes = readFileSync(file).toString('latin1').replaceAll('Mul', 'Mxl');
    writeFileSync(file, Buffer.from(bytes, 'latin1'));
    await expect(tf.savedModel.open(place)).rejects.toThrow("node 'y' of the GraphDef is of type 'Mxl'");
  });

  it.each(Array.from({ length: repetitions(6, 450) }, (_, i) => i))(
    'with bytes that are wrong is one error or a model, and never a crash (%i)',
    async (i) => {
      const place = await saved(`wrong-${i}`);
      const file = path.join(place, ['saved_model.pb', 'variables/variables.index'][i % 2]!);
      const bytes = readFileSync(file);
      let seed = i + 1;
      for (let k = 0; k < 3; k++) {
        seed = (seed * 48271) % 2147483647;
        bytes[seed % bytes.length] = seed & 255;
      }
      writeFileSync(file, bytes);
      try {
        await using model = await tf.savedModel.open(place);
        await model.signatures.serving_default!({ x: [1] });
      } catch (error) {
        expect(error).toBeInstanceOf(tf.errors.TensorFlowError);
      }
    },
  );
});
