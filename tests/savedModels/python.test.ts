/** Saved models of Python's TensorFlow here. TF_MECHANICS_PYTHON names a Python with TensorFlow. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mnist, tf } from '../../lib/src';

const python = process.env.TF_MECHANICS_PYTHON?.split(path.delimiter)[0];

/** What `make.py` writes of an answer of a model. */
interface Answer {
  tags: string[];
  signature: string;
  feeds: Record<string, tf.ArrayLike>;
  values: Record<string, unknown>;
}

const ours = (value: unknown): unknown => {
  if (Buffer.isBuffer(value)) return value.toString();
  if (typeof value === 'bigint') return Number(value);
  return value instanceof tf.HostArray
    ? nested(value.shape, [...(value.data as ArrayLike<unknown>[])].map(ours))
    : value;
};
function nested(shape: readonly number[], flat: unknown[]): unknown {
  if (shape.length < 2) return flat;
  const rows = Array.from({ length: shape[0]! }, (_, i) => {
    const size = flat.length / shape[0]!;
    return nested(shape.slice(1), flat.slice(i * size, (i + 1) * size));
  });
  return rows;
}

describe.runIf(python)('a saved model of Python', () => {
  let folder: string;
  let expected: Record<string, Answer[]>;
  beforeAll(() => {
    folder = process.env.TF_MECHANICS_SAVED_MODELS ?? mkdtempSync(path.join(tmpdir(), 'saved-models-'));
    if (!process.env.TF_MECHANICS_SAVED_MODELS) execFileSync(python!, [path.join(__dirname, 'make.py'), folder]);
    expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<string, Answer[]>;
  }, 300_000);
  afterAll(() => {
    if (!process.env.TF_MECHANICS_SAVED_MODELS) rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    'simple_references',
    'simple_resources',
    'two_tags_and_a_vocabulary',
    'embeddings',
    'without_variables',
    'keras',
    'module',
  ])('answers here as there: %s', async (name) => {
    for (const { tags, signature, feeds, values } of expected[name]!) {
      await using model = await tf.savedModel.open(path.join(folder, name), { tags });
      const answers = await model.signatures[signature]!(feeds);
      expect(Object.fromEntries(Object.entries(answers).map(([key, value]) => [key, ours(value)]))).toEqual(values);
    }
  });
});

describe.runIf(python)('a saved model made here', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'our-saved-models-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['references', { useResource: false }],
    ['resource variables', { useResource: true }],
    ['resource variables, without default attributes', { useResource: true, stripDefaultAttrs: true }],
    ['a partitioned embedding', { partitioned: true }],
    ['the convolutional network', { convnet: true }],
    ['no variables', { plain: true }],
  ] as const)(
    'answers there as here, in TensorFlow 1, 2 and saved_model_cli: of %s',
    async (name, kind) => {
      const { useResource = false, stripDefaultAttrs, partitioned, convnet, plain } = kind as Record<string, boolean>;
      const graph = new tf.Graph();
      const { x, y, init, value } = graph.asDefault(() => {
        const width = convnet ? 784 : 2;
        const x = tf.placeholder('float32', [null, width], { name: 'x' });
        const value = [Array.from({ length: width }, (_, i) => (i % 7) / 8)];
        let y: tf.Tensor = tf.square(x);
        if (convnet)
          [y] = [mnist.convnet.inference(x as tf.Tensor<'float32', 'array'>, mnist.convnet.placeholderInputs(null)[2])];
        else if (partitioned) {
          const partitioner = tf.fixedSizePartitioner(2);
          const table = tf.getVariable('table', {
            shape: [4, 2],
            partitioner,
            initializer: (shape: readonly number[]) => tf.ones(shape),
          });
          y = tf.add(tf.nn.embeddingLookup(table, tf.cast(x, 'int32')), 1);
        } else if (!plain) y = tf.matmul(x, new tf.Variable([[1], [2]], { useResource }));
        return { x, y, value, init: plain ? tf.noOp() : tf.globalVariablesInitializer() };
      });
      await using session = new tf.Session({ graph });
      await session.run(init);
      const place = path.join(folder, name.replaceAll(/\W/g, '-'));
      const builder = new tf.savedModel.Builder(place);
      const signature = tf.savedModel.signatureDefUtils.predictSignatureDef({ x }, { y });
      const signatureDefMap = { serving_default: signature };
      await builder.addMetaGraphAndVariables(session, ['serve'], { signatureDefMap, stripDefaultAttrs });
      builder.save();

      const read = [path.join(__dirname, 'read.py'), place, JSON.stringify({ x: value })];
      const printed = execFileSync(python!, read, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      const { first, second, cli } = JSON.parse(printed.trim().split('\n').at(-1)!);
      const expected = { y: ours(await session.run(y, [[x, value]])) };
      expect([first, second]).toEqual([expected, expected]);
      expect(cli).toContain('Result for output key y');
      expect(cli).toContain(String(await tf.savedModel.inspect(place)).trim());
    },
    120_000,
  );
});
