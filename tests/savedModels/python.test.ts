/**
 * Saved models of Python's TensorFlow here, and ours there and in TensorFlow.js. Python takes a while to make its own: a folder that
 * TF_MECHANICS_SAVED_MODELS names has what `make.py` made before.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mnist, tf } from '../../lib/src';
import { pythonWith } from '../tensorboard/python';
import { inOrder, type KeptAnswer } from './kept';
import { plain, plainValues } from './plain';

const python = pythonWith('tensorflow');

const MODELS = [
  'simple_references',
  'simple_resources',
  'two_tags_and_a_vocabulary',
  'embeddings',
  'without_variables',
  'loop_and_branch',
  'examples',
  'ragged_and_sparse',
  'large',
  'keras',
  'keras_sequence',
  'module',
  'module_with_a_vocabulary',
  'module_of_ragged',
  'halves',
  'module_of_halves',
];

describe.runIf(python)('a saved model of Python', () => {
  let folder: string;
  let expected: Record<string, KeptAnswer[]>;
  beforeAll(() => {
    folder = process.env.TF_MECHANICS_SAVED_MODELS ?? mkdtempSync(path.join(tmpdir(), 'saved-models-'));
    if (!process.env.TF_MECHANICS_SAVED_MODELS)
      execFileSync(python!, [path.join(__dirname, 'make.py'), folder], { stdio: 'ignore' });
    expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<string, KeptAnswer[]>;
  }, 600_000);
  afterAll(() => {
    if (!process.env.TF_MECHANICS_SAVED_MODELS) rmSync(folder, { recursive: true, force: true });
  });

  it('is in the list here', () => {
    expect(Object.keys(expected).sort()).toEqual([...MODELS].sort());
  });

  it.each(MODELS)('answers here as there: %s', { timeout: 120_000 }, async (name) => {
    for (const { tags, signature, feeds, values } of expected[name]!) {
      await using model = await tf.savedModel.open(path.join(folder, name), { tags });
      expect(plainValues(await model.signatures[signature]!(feeds))).toEqual(values);
    }
  });

  it.each(MODELS)('is shown here as saved_model_cli shows it: %s', async (name) => {
    const shown = JSON.parse(readFileSync(path.join(folder, 'shown.json'), 'utf8')) as Record<string, string>;
    expect(String(await tf.savedModel.inspect(path.join(folder, name)))).toBe(inOrder(shown[name]!));
  });

  it('keeps to itself in a graph with others, whose functions, variables and tables are called the same', {
    timeout: 300_000,
  }, async () => {
    const names = ['module', 'keras', 'module_with_a_vocabulary', 'module_of_halves', 'simple_resources', 'examples'];
    await using session = new tf.Session({ graph: new tf.Graph() });
    const loaded = new Map<string, Awaited<ReturnType<typeof tf.savedModel.load>>>();
    for (const scope of [...names, 'again/module'])
      loaded.set(
        scope,
        await tf.savedModel.load(session, ['serve'], path.join(folder, path.basename(scope)), { importScope: scope }),
      );
    for (const [scope, { signatureDef }] of loaded)
      for (const { signature, feeds, values } of expected[path.basename(scope)]!) {
        const { inputs, outputs } = signatureDef[signature]!;
        // What JavaScript has no arrays of is fetched by opened models alone.
        const held = Object.keys(outputs).filter(
          (key) => outputs[key]!.name && ![14, 19].includes(outputs[key]!.dtype),
        );
        const tensors = held.map((key) => [key, `${scope}/${outputs[key]!.name}`]);
        const given = Object.entries(feeds).map(
          ([key, value]) => [`${scope}/${inputs[key]!.name}`, value as tf.ArrayLike] as const,
        );
        const answers = await session.run(Object.fromEntries(tensors) as Record<string, string>, given);
        expect(plainValues(answers)).toEqual(Object.fromEntries(held.map((key) => [key, values[key]])));
      }
  });
});

/** A network of a saved model, and what it is given. */
interface Network {
  x: tf.Tensor;
  y: tf.Tensor;
  value: unknown;
  options?: Partial<tf.savedModel.AddMetaGraphOptions>;
  asText?: boolean;
}

const x = (width = 2) => tf.placeholder('float32', [null, width], { name: 'x' });
const value = [
  [0.5, -3],
  [1, 2.25],
];

/** A table of words in a file. */
function vocabulary(folder: string): Network {
  const graph = tf.getDefaultGraph();
  const file = path.join(folder, 'words.txt');
  writeFileSync(file, 'zero\none\nüber\n');
  const words = tf.placeholder('string', [null], { name: 'x' });
  const [name, otherwise] = [tf.constant(file), tf.constant(-1, { dtype: 'int64' })];
  const dtypes = { key_dtype: 'string', value_dtype: 'int64' };
  const table = graph.createOperation('HashTableV2', [], { ...dtypes, shared_name: 'words' }).outputs[0]!;
  const lines = { key_index: -2, value_index: -1 }; // the whole line, and its number
  const mainOp = graph.createOperation('InitializeTableFromTextFileV2', [table, name], lines);
  const found = graph.createOperation('LookupTableFindV2', [table, words, otherwise], {
    Tin: 'string',
    Tout: 'int64',
  });
  const y = tf.cast(found.outputs[0]!, 'float32');
  return { x: words, y, value: ['über', 'none', 'zero'], options: { mainOp, assetsCollection: [name] } };
}

function embedding(): Network {
  const partitioner = tf.fixedSizePartitioner(2);
  const initializer = (shape: readonly number[]) => tf.ones(shape);
  const table = tf.getVariable('table', { shape: [4, 2], partitioner, initializer });
  const ids = x();
  const y = tf.add(tf.nn.embeddingLookup(table, tf.cast(ids, 'int32')), 1);
  return { x: ids, y, value: [[3, 0]] };
}

function convnet(): Network {
  const images = x(784) as tf.Tensor<'float32', 'array'>;
  const y = mnist.convnet.inference(images, mnist.convnet.placeholderInputs(null)[2]);
  return { x: images, y, value: [Array.from({ length: 784 }, (_, i) => (i % 7) / 8)] };
}

function linear(useResource: boolean, options: Network['options'] = {}): Network {
  const input = x();
  return { x: input, y: tf.matmul(input, new tf.Variable([[1], [2]], { useResource })), value, options };
}

function halves(): Network {
  const input = x();
  const half = new tf.Variable(tf.cast([0.1, 0.2], 'float16'), { useResource: true });
  const brain = new tf.Variable(tf.cast([0.1, 0.2], 'bfloat16'), { useResource: false });
  const product = tf.mul(tf.cast(input, 'float16'), half.value());
  return { x: input, y: tf.add(tf.cast(product, 'float32'), tf.cast(brain.value(), 'float32')), value };
}

const NETWORKS: Readonly<Record<string, (folder: string) => Network>> = {
  references: () => linear(false),
  'resource variables': () => linear(true),
  'resource variables, without default attributes, on no device': () =>
    linear(true, { stripDefaultAttrs: true, clearDevices: true }),
  'resource variables, as a text': () => ({ ...linear(true), asText: true }),
  'a partitioned embedding': embedding,
  'a vocabulary in a file': vocabulary,
  'the convolutional network': convnet,
  'variables of 16 bits': halves,
  'no variables': () => {
    const input = x();
    return { x: input, y: tf.square(input), value };
  },
  texts: () => {
    const texts = tf.placeholder('string', [null], { name: 'x' });
    const [joined] = tf.getDefaultGraph().createOperation('StringJoin', [[texts, tf.constant('!')]]).outputs;
    return { x: texts, y: joined!, value: ['one', 'drei'] };
  },
};

describe.runIf(python)('a saved model made here', () => {
  let folder: string;
  const names = Object.keys(NETWORKS);
  const answers = new Map<string, Record<string, unknown>>();
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'our saved models ü-'));
    const models = [];
    for (const name of names) {
      const graph = new tf.Graph();
      const [network, init] = graph.asDefault(
        () => [NETWORKS[name]!(folder), tf.globalVariablesInitializer()] as const,
      );
      await using session = new tf.Session({ graph });
      const { x, y, value, options, asText } = network;
      await session.run([init, ...(options?.mainOp ? [options.mainOp] : [])]);
      const place = path.join(folder, name);
      const builder = new tf.savedModel.Builder(place);
      const signatureDefMap = { serving_default: tf.savedModel.signatureDefUtils.predictSignatureDef({ x }, { y }) };
      await builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap, ...options });
      builder.save({ asText });
      const ours = plain(await session.run(y, [[x, value as tf.ArrayLike]]));
      answers.set(name, { ours, shown: String(await tf.savedModel.inspect(place)), asText });
      models.push({ folder: place, feeds: { x: value }, asText });
    }
    rmSync(path.join(folder, 'words.txt'));
    const read = (command: string, script: string, what: readonly unknown[]) => {
      const file = path.join(folder, `${script}.json`);
      writeFileSync(file, JSON.stringify(what));
      const printed = execFileSync(command, [path.join(__dirname, script), file], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 2 ** 28,
      });
      return JSON.parse(printed.trim().split('\n').at(-1)!) as Record<string, unknown>[];
    };
    for (const [i, answer] of read(python!, 'read.py', models).entries())
      Object.assign(answers.get(names[i]!)!, answer);
    const binary = models.filter(({ asText }) => !asText); // TensorFlow.js reads no others
    for (const [i, javaScript] of read(process.execPath, 'read.cjs', binary).entries())
      Object.assign(answers.get(path.basename(binary[i]!.folder))!, { javaScript });
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(names)('answers in TensorFlow 1, 2, saved_model_cli and TensorFlow.js as here: of %s', (name) => {
    const { ours, first, second, run, show, shown, javaScript, asText } = answers.get(name)!;
    expect([first, second]).toEqual([{ y: ours }, { y: ours }]);
    expect(run).toContain('Result for output key y');
    expect(inOrder(String(show))).toContain(String(shown).trim());
    expect(javaScript).toEqual(asText ? undefined : { y: ours });
  });
});
